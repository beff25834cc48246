// Object 16, Portfolio: version 1.0 as in OMA's registry.
import { defineObject, E, INTEGER, NONE, OPAQUE, R, RW, STRING } from "../src/lwm2m/definition.js";

export const portfolio = defineObject({
	id: 16,
	name: "Portfolio",
	versions: { "1.0": "1.0", "1.1": "1.0", "1.2": "1.0" },
	instances: 4,
	resources: {
		0: { name: "Identity", type: STRING, operations: RW, multiple: 8, isMandatory: true },
		1: { name: "GetAuthData", type: NONE, operations: E },
		2: { name: "AuthData", type: OPAQUE, operations: R, multiple: 8 },
		3: { name: "AuthStatus", type: INTEGER, operations: R, range: [0, 2] },
	},
});
