// Object 19, BinaryAppDataContainer: version 1.0 as in OMA's registry.
import { defineObject, INTEGER, OPAQUE, RW, STRING, TIME } from "../src/lwm2m/definition.js";

export const binaryAppDataContainer = defineObject({
	id: 19,
	name: "BinaryAppDataContainer",
	versions: { "1.0": "1.0", "1.1": "1.0", "1.2": "1.0" },
	instances: 4,
	resources: {
		0: { name: "Data", type: OPAQUE, operations: RW, multiple: 8, isMandatory: true },
		1: { name: "Data Priority", type: INTEGER, operations: RW, range: [0, 255] },
		2: { name: "Data Creation Time", type: TIME, operations: RW },
		3: { name: "Data Description", type: STRING, operations: RW, range: [0, 32] },
		4: { name: "Data Format", type: STRING, operations: RW, range: [0, 32] },
		5: { name: "App ID", type: INTEGER, operations: RW, range: [0, 65535] },
	},
});
