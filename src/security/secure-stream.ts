// A TCP connection with TLS on top of it, as its users see it: types and causes only.
import type { Tcp, TcpOptions } from "../platform.js";

// Why it ended.
/** The connection broke, before the server said that it ends: another attempt may go better. */
export const LOST = 0;
/** The server is not the one that is trusted, or does not trust the device. */
export const REFUSED = 1;
/** The server speaks another version, other cipher suites, or in records that do not fit. */
export const UNSUITABLE = 2;
export const NO_ROOM = 3;

/** Callbacks come from the connection's and from `step` only. */
export interface SecureStreamOptions extends Pick<TcpOptions, "address" | "port"> {
	/** At least one byte of plaintext is waiting; read until 0. */
	onReadable(): void;
	/** The handshake is done, or it is writable again. */
	onWritable(): void;
	/** @param text why, one line; undefined: the server has said that it ends. Nothing further is called. */
	onClose(cause: number, text: string | undefined): void;
	/** `step` is due. */
	wake(): void;
}

export interface SecureStream extends Tcp {
	/** Goes on with a computation. @returns when it wants to be called again */
	step(now: number): number;
}

/**
 * Takes the credentials for a host. @param securityInstance whose they may be
 * @returns what makes the connection; it throws Error where the port has no socket left
 * @throws Error where they cannot be used, one line
 */
export type SecureStreams = (securityInstance: number, host: string) => (options: SecureStreamOptions) => SecureStream;
