// Object 9, LWM2M Software Management: version 1.0 as in OMA's registry.
import { BOOLEAN, defineObject, E, INTEGER, NONE, OBJLNK, OPAQUE, R, RW, STRING, W } from "../src/lwm2m/definition.js";

export const softwareManagement = defineObject({
	id: 9,
	name: "LWM2M Software Management",
	versions: { "1.0": "1.0", "1.1": "1.0", "1.2": "1.0" },
	instances: 4,
	resources: {
		0: { name: "PkgName", type: STRING, operations: R, isMandatory: true, range: [0, 255] },
		1: { name: "PkgVersion", type: STRING, operations: R, isMandatory: true, range: [0, 255] },
		2: { name: "Package", type: OPAQUE, operations: W },
		3: { name: "Package URI", type: STRING, operations: W, range: [0, 255] },
		4: { name: "Install", type: NONE, operations: E, isMandatory: true },
		5: { name: "Checkpoint", type: OBJLNK, operations: R },
		6: { name: "Uninstall", type: NONE, operations: E, isMandatory: true },
		7: { name: "Update State", type: INTEGER, operations: R, isMandatory: true, range: [0, 4] },
		8: { name: "Update Supported Objects", type: BOOLEAN, operations: RW },
		9: { name: "Update Result", type: INTEGER, operations: R, isMandatory: true, range: [0, 200] },
		10: { name: "Activate", type: NONE, operations: E, isMandatory: true },
		11: { name: "Deactivate", type: NONE, operations: E, isMandatory: true },
		12: { name: "Activation State", type: BOOLEAN, operations: R, isMandatory: true },
		13: { name: "Package Settings", type: OBJLNK, operations: RW },
		14: { name: "User Name", type: STRING, operations: W, range: [0, 255] },
		15: { name: "Password", type: STRING, operations: W, range: [0, 255] },
		16: { name: "Status Reason", type: STRING, operations: R },
		17: { name: "Software Component Link", type: OBJLNK, operations: R, multiple: 8 },
		18: { name: "Software Component tree length", type: INTEGER, operations: R, range: [0, 255] },
	},
});
