// Object 3304, Humidity: version 1.1 as in OMA's registry.
import { defineObject, E, FLOAT, INTEGER, NONE, R, RW, STRING, TIME } from "../src/lwm2m/definition.js";

export const humidity = defineObject({
	id: 3304,
	name: "Humidity",
	versions: { "1.0": "1.1", "1.1": "1.1", "1.2": "1.1" },
	instances: 4,
	resources: {
		5518: { name: "Timestamp", type: TIME, operations: R },
		5601: { name: "Min Measured Value", type: FLOAT, operations: R },
		5602: { name: "Max Measured Value", type: FLOAT, operations: R },
		5603: { name: "Min Range Value", type: FLOAT, operations: R },
		5604: { name: "Max Range Value", type: FLOAT, operations: R },
		5605: { name: "Reset Min and Max Measured Values", type: NONE, operations: E },
		5700: { name: "Sensor Value", type: FLOAT, operations: R, isMandatory: true },
		5701: { name: "Sensor Units", type: STRING, operations: R },
		5750: { name: "Application Type", type: STRING, operations: RW },
		6042: { name: "Measurement Quality Indicator", type: INTEGER, operations: R, range: [0, 23] },
		6049: { name: "Measurement Quality Level", type: INTEGER, operations: R, range: [0, 100] },
		6050: { name: "Fractional Timestamp", type: FLOAT, operations: R, range: [0, 1], units: "s" },
	},
});
