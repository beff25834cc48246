// A build without a shell: its manifest maps `src/shell/start` to this.

/** Does nothing. */
export function startShell(_options: unknown): void {}
