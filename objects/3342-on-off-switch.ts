// Object 3342, On/Off switch: version 1.1 as in OMA's registry.
import { BOOLEAN, defineObject, FLOAT, INTEGER, R, RW, STRING, TIME } from "../src/lwm2m/definition.js";

export const onOffSwitch = defineObject({
	id: 3342,
	name: "On/Off switch",
	versions: { "1.0": "1.1", "1.1": "1.1", "1.2": "1.1" },
	instances: 4,
	resources: {
		5500: { name: "Digital Input State", type: BOOLEAN, operations: R, isMandatory: true },
		5501: { name: "Digital Input Counter", type: INTEGER, operations: R },
		5518: { name: "Timestamp", type: TIME, operations: R },
		5750: { name: "Application Type", type: STRING, operations: RW },
		5852: { name: "On time", type: INTEGER, operations: RW, units: "s" },
		5854: { name: "Off Time", type: INTEGER, operations: RW, units: "s" },
		6050: { name: "Fractional Timestamp", type: FLOAT, operations: R, range: [0, 1], units: "s" },
	},
});
