// The DTLS core as Node sees it: what addon.c exports, with types. scripts/lib/build-addon.mjs builds it.

import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

/** Objects of the addon's own; the brand exists for the compiler alone. */
export interface NativeConfig {
	readonly isConfig: true;
}
export interface NativeSession {
	readonly isSession: true;
}

export interface NativeOptions {
	readonly isServer: boolean;
	/** 48 bytes of strong randomness, or more. */
	readonly seed: Uint8Array;
	/** One's own chain and P-256 key, PEM or DER. */
	readonly certificate?: Uint8Array | undefined;
	readonly privateKey?: Uint8Array | undefined;
	/** A server: the authorities of its clients. */
	readonly peerCertificate?: Uint8Array | undefined;
	readonly cidBytes: number;
	readonly hasNoCookies?: boolean | undefined;
	readonly firstTimeoutMs?: number | undefined;
	readonly lastTimeoutMs?: number | undefined;
	/** Two bytes a suite. */
	readonly cipherSuites?: Uint8Array | undefined;
}

/** The functions are those of src/security/dtls-core.h. */
export interface Native {
	createConfig(options: NativeOptions, lookUp?: (identity: Buffer) => Uint8Array | undefined): NativeConfig;
	createSession(config: NativeConfig): NativeSession;
	setTime(config: NativeConfig, seconds: number): void;
	setPeer(session: NativeSession, peer: Uint8Array): void;
	receive(session: NativeSession, datagram: Uint8Array, count: number): number;
	expire(session: NativeSession): number;
	end(session: NativeSession): number;
	events(session: NativeSession): number;
	read(session: NativeSession, into: Uint8Array): number;
	take(session: NativeSession, into: Uint8Array): number;
	send(session: NativeSession, plaintext: Uint8Array, count: number, into: Uint8Array): number;
	close(session: NativeSession): void;
	timeout(session: NativeSession): number;
	state(session: NativeSession): number;
	error(session: NativeSession): number;
	alert(session: NativeSession): number;
	cipherSuite(session: NativeSession): number;
	cid(session: NativeSession): Buffer;
	peerName(session: NativeSession): Buffer | undefined;
	describe(error: number): string;
}

/** What happened, as bits. */
export const OUTPUT = 1;
export const READABLE = 2;
export const TIMER = 4;
export const CONNECTED = 8;
export const CLOSED = 16;
export const FAILED = 32;
export const NEWER = 64;

export const IS_LISTENING = 1;
export const IS_CONNECTED = 3;
export const IS_FAILED = 5;

/** @throws Error where the addon has not been built */
export function loadNative(): Native {
	// seen from build/js/host-tests/server/dtls
	const path = fileURLToPath(new URL("../../../../dtls/dtls.node", import.meta.url));
	if (!existsSync(path)) throw new Error("DTLS has not been built: node scripts/lib/build-addon.mjs builds it");
	return createRequire(import.meta.url)(path) as Native; // what addon.c exports
}
