// Object 6, Location: all its versions as in OMA's registry. OMA-TS-LightweightM2M_Core-V1_2 E.7.
import { defineObject, FLOAT, OPAQUE, R, TIME } from "../src/lwm2m/definition.js";

export const location = defineObject({
	id: 6,
	name: "Location",
	versions: { "1.0": "1.0", "1.1": "1.0", "1.2": "1.0" },
	instances: 1,
	isSingle: true,
	resources: {
		0: { name: "Latitude", type: FLOAT, operations: R, isMandatory: true, units: "lat" },
		1: { name: "Longitude", type: FLOAT, operations: R, isMandatory: true, units: "lon" },
		2: { name: "Altitude", type: FLOAT, operations: R, units: "m" },
		3: { name: "Radius", type: FLOAT, operations: R, units: "m" },
		4: { name: "Velocity", type: OPAQUE, operations: R },
		5: { name: "Timestamp", type: TIME, operations: R, isMandatory: true },
		6: { name: "Speed", type: FLOAT, operations: R, units: "m/s" },
	},
});
