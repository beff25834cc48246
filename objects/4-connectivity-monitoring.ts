// Object 4, Connectivity Monitoring: all its versions as in OMA's registry. OMA-TS-LightweightM2M_Core-V1_2 E.5.
import { defineObject, INTEGER, R, STRING } from "../src/lwm2m/definition.js";

export const connectivityMonitoring = defineObject({
	id: 4,
	name: "Connectivity Monitoring",
	versions: { "1.0": "1.0", "1.1": "1.2", "1.2": "1.3" },
	instances: 1,
	isSingle: true,
	resources: {
		0: { name: "Network Bearer", type: INTEGER, operations: R, isMandatory: true, range: [0, 50] },
		1: {
			name: "Available Network Bearer",
			type: INTEGER,
			operations: R,
			multiple: 8,
			isMandatory: true,
			range: [0, 50],
		},
		2: { name: "Radio Signal Strength", type: INTEGER, operations: R, isMandatory: true, units: "dBm" },
		3: { name: "Link Quality", type: INTEGER, operations: R },
		4: { name: "IP Addresses", type: STRING, operations: R, multiple: 8, isMandatory: true },
		5: { name: "Router IP Addresses", type: STRING, operations: R, multiple: 8 },
		6: { name: "Link Utilization", type: INTEGER, operations: R, range: [0, 100], units: "/100" },
		7: { name: "APN", type: STRING, operations: R, multiple: 8 },
		8: { name: "Cell ID", type: INTEGER, operations: R },
		9: { name: "SMNC", type: INTEGER, operations: R, range: [0, 999] },
		10: { name: "SMCC", type: INTEGER, operations: R, range: [0, 999] },
		11: { name: "SignalSNR", type: INTEGER, operations: R, units: "dB", since: "1.2" },
		12: { name: "LAC", type: INTEGER, operations: R, since: "1.2" },
		13: { name: "Coverage Enhancement Level", type: INTEGER, operations: R, range: [0, 4], since: "1.3" },
	},
});
