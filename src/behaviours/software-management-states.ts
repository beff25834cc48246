// States (9/x/7) and results (9/x/9) of software management by their numbers in OMA's registry, and what may follow what.
// The table with its causes is in src/DESIGN.md.
import { CONNECTION_LOST as LOST, NO_STORAGE as NO_ROOM } from "../fota/states.js";

/** Update State, resource 7. */
export const INITIAL = 0;
export const DOWNLOAD_STARTED = 1;
export const DOWNLOADED = 2;
export const DELIVERED = 3;
export const INSTALLED = 4;

/** Update Result, resource 9. */
export const NONE_YET = 0;
export const DOWNLOADING = 1;
export const INSTALL_DONE = 2;
export const DOWNLOAD_DONE = 3;
export const NO_STORAGE = 50;
export const OUT_OF_MEMORY = 51;
export const CONNECTION_LOST = 52;
export const INTEGRITY_FAILURE = 53;
export const UNSUPPORTED_TYPE = 54;
export const INVALID_URI = 56;
export const UPDATE_ERROR = 57;
export const INSTALL_FAILURE = 58;
export const UNINSTALL_FAILURE = 59;

export const NAMES: readonly string[] = Object.freeze([
	"initial",
	"downloading",
	"downloaded",
	"delivered",
	"installed",
]);
/** Which states may follow each: bit n is state n. */
export const FOLLOWERS: readonly number[] = Object.freeze([
	1 << DOWNLOAD_STARTED,
	(1 << DOWNLOADED) | (1 << INITIAL),
	(1 << DELIVERED) | (1 << INITIAL),
	(1 << INSTALLED) | (1 << INITIAL),
	1 << INITIAL,
]);

/** The result that says what one of fota/states says of a push. */
export function resultOf(pushed: number): number {
	return pushed === NO_ROOM ? NO_STORAGE : pushed === LOST ? CONNECTION_LOST : INTEGRITY_FAILURE;
}
