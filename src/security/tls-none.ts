// A build without TLS: its manifest maps `src/security/tls-factory` to this.

/** Does nothing: https is not among the protocols. */
export function tls(_settings?: unknown): undefined {}
