// Object 5, Firmware Update: all its versions as in OMA's registry. OMA-TS-LightweightM2M_Core-V1_2 E.6.
// Enabler 1.1 still has version 1.0. Version 1.1 came with enabler 1.2 and brought 10 to 13; version 1.2 brought 14.
import {
	BOOLEAN,
	defineObject,
	E,
	INTEGER,
	NONE,
	OPAQUE,
	R,
	RW,
	STRING,
	TIME,
	UNSIGNED,
	W,
} from "../src/lwm2m/definition.js";

export const firmwareUpdate = defineObject({
	id: 5,
	name: "Firmware Update",
	versions: { "1.0": "1.0", "1.1": "1.0", "1.2": "1.2" },
	instances: 1,
	isSingle: true,
	isConfirmed: true,
	resources: {
		0: { name: "Package", type: OPAQUE, operations: W, isMandatory: true, isApart: true },
		1: { name: "Package URI", type: STRING, operations: RW, isMandatory: true, range: [0, 255] },
		2: { name: "Update", type: NONE, operations: E, isMandatory: true },
		3: { name: "State", type: INTEGER, operations: R, isMandatory: true, range: [0, 3] },
		5: { name: "Update Result", type: INTEGER, operations: R, isMandatory: true, range: [0, 11] },
		6: { name: "PkgName", type: STRING, operations: R, range: [0, 255] },
		7: { name: "PkgVersion", type: STRING, operations: R, range: [0, 255] },
		8: { name: "Firmware Update Protocol Support", type: INTEGER, operations: R, multiple: 8, range: [0, 5] },
		9: { name: "Firmware Update Delivery Method", type: INTEGER, operations: R, isMandatory: true, range: [0, 2] },
		10: { name: "Cancel", type: NONE, operations: E, since: "1.1" },
		11: { name: "Severity", type: INTEGER, operations: RW, range: [0, 2], since: "1.1" },
		12: { name: "Last State Change Time", type: TIME, operations: R, since: "1.1" },
		13: { name: "Maximum Defer Period", type: UNSIGNED, operations: RW, units: "s", since: "1.1" },
		14: { name: "Automatic Upgrade at Download", type: BOOLEAN, operations: RW, since: "1.2" },
	},
});
