// A build without a shell: its manifest maps `src/shell/shell` to this.

/** Does nothing. */
export function startShell(_options: unknown): void {}
