// Object 3303, Temperature: https://www.openmobilealliance.org/wp/OMNA/LwM2M/LwM2MRegistry.html
import { defineObject, E, FLOAT, INTEGER, NONE, R, RW, STRING, TIME } from "../src/lwm2m/definition.js";

export const temperature = defineObject({
	id: 3303,
	name: "Temperature",
	versions: { "1.0": "1.0", "1.1": "1.1", "1.2": "1.1" },
	instances: 4,
	resources: {
		5518: { name: "Timestamp", type: TIME, operations: R, since: "1.1" },
		5601: { name: "Min Measured Value", type: FLOAT, operations: R },
		5602: { name: "Max Measured Value", type: FLOAT, operations: R },
		5603: { name: "Min Range Value", type: FLOAT, operations: R },
		5604: { name: "Max Range Value", type: FLOAT, operations: R },
		5605: { name: "Reset Min and Max Measured Values", type: NONE, operations: E },
		5700: { name: "Sensor Value", type: FLOAT, operations: R, isMandatory: true },
		5701: { name: "Sensor Units", type: STRING, operations: R },
		5750: { name: "Application Type", type: STRING, operations: RW, since: "1.1" },
		6042: { name: "Measurement Quality Indicator", type: INTEGER, operations: R, range: [0, 23], since: "1.1" },
		6049: { name: "Measurement Quality Level", type: INTEGER, operations: R, range: [0, 100], since: "1.1" },
		6050: { name: "Fractional Timestamp", type: FLOAT, operations: R, range: [0, 1], units: "s", since: "1.1" },
	},
});
