// Object 3311, Light Control: version 1.0 as in OMA's registry.
import { BOOLEAN, defineObject, FLOAT, INTEGER, R, RW, STRING } from "../src/lwm2m/definition.js";

export const lightControl = defineObject({
	id: 3311,
	name: "Light Control",
	versions: { "1.0": "1.0", "1.1": "1.0", "1.2": "1.0" },
	instances: 4,
	resources: {
		5701: { name: "Sensor Units", type: STRING, operations: R },
		5706: { name: "Colour", type: STRING, operations: RW },
		5750: { name: "Application Type", type: STRING, operations: RW },
		5805: { name: "Cumulative active power", type: FLOAT, operations: R, units: "Wh" },
		5820: { name: "Power factor", type: FLOAT, operations: R },
		5850: { name: "On/Off", type: BOOLEAN, operations: RW, isMandatory: true },
		5851: { name: "Dimmer", type: INTEGER, operations: RW, range: [0, 100], units: "/100" },
		5852: { name: "On time", type: INTEGER, operations: RW, units: "s" },
	},
});
