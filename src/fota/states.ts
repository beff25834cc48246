// States (5/0/3) and results (5/0/5) of a firmware update, by their numbers in OMA-TS-LightweightM2M_Core-V1_1_1 E.6.

export const IDLE = 0;
export const DOWNLOADING = 1;
export const DOWNLOADED = 2;
export const UPDATING = 3;

export const NONE = 0;
export const SUCCESS = 1;
/** The slot is too small, or does not take what is written. */
export const NO_STORAGE = 2;
/** The port has no memory for another socket. */
export const NO_MEMORY = 3;
export const CONNECTION_LOST = 4;
export const INTEGRITY_FAILURE = 5;
export const UNSUPPORTED_TYPE = 6;
export const INVALID_URI = 7;
export const UPDATE_FAILED = 8;
export const UNSUPPORTED_PROTOCOL = 9;
/** Of object version 1.1 and later. */
export const CANCELLED = 10;
export const DEFERRED = 11;

export const stateNames: readonly string[] = Object.freeze(["idle", "downloading", "downloaded", "updating"]);

/** Legal next states, by state: bit n is state n. The table with its causes is in src/DESIGN.md. */
export const legal: readonly number[] = Object.freeze([
	1 << DOWNLOADING,
	(1 << IDLE) | (1 << DOWNLOADED),
	(1 << IDLE) | (1 << DOWNLOADING) | (1 << UPDATING),
	(1 << IDLE) | (1 << DOWNLOADED),
]);
