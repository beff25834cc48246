// Object 3340, Timer: version 1.0 as in OMA's registry.
import { BOOLEAN, defineObject, E, FLOAT, INTEGER, NONE, R, RW, STRING } from "../src/lwm2m/definition.js";

export const timer = defineObject({
	id: 3340,
	name: "Timer",
	versions: { "1.0": "1.0", "1.1": "1.0", "1.2": "1.0" },
	instances: 4,
	resources: {
		5501: { name: "Digital Input Counter", type: INTEGER, operations: R },
		5521: { name: "Delay Duration", type: FLOAT, operations: RW, isMandatory: true, units: "s" },
		5523: { name: "Trigger", type: NONE, operations: E },
		5525: { name: "Minimum Off-time", type: FLOAT, operations: RW, units: "s" },
		5526: { name: "Timer Mode", type: INTEGER, operations: RW, range: [0, 4] },
		5534: { name: "Counter", type: INTEGER, operations: RW },
		5538: { name: "Remaining Time", type: FLOAT, operations: R, units: "s" },
		5543: { name: "Digital State", type: BOOLEAN, operations: R },
		5544: { name: "Cumulative Time", type: FLOAT, operations: RW, units: "s" },
		5750: { name: "Application Type", type: STRING, operations: RW },
		5850: { name: "On/Off", type: BOOLEAN, operations: RW },
	},
});
