// A device with values, for the tests of Write.
import { CaseDevice, SENML_JSON } from "./lwm2m-cases.js";

/** A device whose instance /3441/0 has values, single and multiple. */
export function deviceWithValues(): CaseDevice {
	const device = new CaseDevice();
	const { registry } = device;
	registry.set("/3441/0/1", "old");
	registry.set("/3441/0/2", 7);
	registry.set("/3441/0/20", 50);
	registry.set("/3441/0/40/0", 10);
	registry.set("/3441/0/40/5", 15);
	registry.set("/3441/0/30", 1);
	return device.register();
}

export function valuesOf(device: CaseDevice): string {
	return device.get("3441/0", SENML_JSON).slice(5);
}

export const UNCHANGED =
	'[{"bn":"/3441/0/","n":"1","vs":"old"},{"n":"2","v":7},{"n":"20","v":50},{"n":"30","v":1},{"n":"40/0","v":10},{"n":"40/5","v":15}]';
