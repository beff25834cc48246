// A build without firmware update: its manifest maps `src/fota/start` to this.

/** Does nothing. */
export function firmwareUpdate(_settings: unknown): undefined {}
