// Object 2, LwM2M Access Control: all its versions as in OMA's registry. OMA-TS-LightweightM2M_Core-V1_2 E.3.
import { defineObject, INTEGER, R, RW } from "../src/lwm2m/definition.js";

export const accessControl = defineObject({
	id: 2,
	name: "LwM2M Access Control",
	versions: { "1.0": "1.0", "1.1": "1.0", "1.2": "1.1" },
	instances: 16,
	resources: {
		0: { name: "Object ID", type: INTEGER, operations: R, isMandatory: true, range: [1, 65534] },
		1: { name: "Object Instance ID", type: INTEGER, operations: R, isMandatory: true, range: [0, 65535] },
		2: { name: "ACL", type: INTEGER, operations: RW, multiple: 8, range: [0, 31] },
		3: { name: "Access Control Owner", type: INTEGER, operations: RW, isMandatory: true, range: [0, 65535] },
	},
});
