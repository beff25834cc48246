// The keys in Security (object 0): their bytes are zeroed when they are replaced, removed or no longer needed. What the engine has
// moved them from while it collected garbage, and texts that they were read from, are out of reach.
import type { Multiple } from "./model.js";
import type { Value } from "./path.js";

export const SECURITY = 0;
const SECRET_KEY = 5;
const SMS_SECRET_KEY = 8;

/** Whether a resource of Security is a key. */
export function isSecret(resource: number): boolean {
	return resource === SECRET_KEY || resource === SMS_SECRET_KEY;
}

/** Zeroes what a resource of Security has held, where that is a key. */
export function wipe(resource: number, value: Value | Multiple | undefined): void {
	if (isSecret(resource) && value instanceof ArrayBuffer) new Uint8Array(value).fill(0);
}
