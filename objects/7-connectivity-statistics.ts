// Object 7, Connectivity Statistics: version 1.0 as in OMA's registry.
import { defineObject, E, INTEGER, NONE, R, RW } from "../src/lwm2m/definition.js";

export const connectivityStatistics = defineObject({
	id: 7,
	name: "Connectivity Statistics",
	versions: { "1.0": "1.0", "1.1": "1.0", "1.2": "1.0" },
	instances: 1,
	isSingle: true,
	resources: {
		0: { name: "SMS Tx Counter", type: INTEGER, operations: R },
		1: { name: "SMS Rx Counter", type: INTEGER, operations: R },
		2: { name: "Tx Data", type: INTEGER, operations: R },
		3: { name: "Rx Data", type: INTEGER, operations: R },
		4: { name: "Max Message Size", type: INTEGER, operations: R, units: "B" },
		5: { name: "Average Message Size", type: INTEGER, operations: R, units: "B" },
		6: { name: "Start", type: NONE, operations: E, isMandatory: true },
		7: { name: "Stop", type: NONE, operations: E, isMandatory: true },
		8: { name: "Collection Period", type: INTEGER, operations: RW, units: "s" },
	},
});
