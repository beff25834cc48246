// What firmware update and software management need of the client that they are parts of, and the client of it: types only, so that a build
// without it has nothing of it.
import type { Message } from "../coap/message.js";
import type { Log } from "../log.js";
import type { Model } from "../lwm2m/model.js";
import type { Platform } from "../platform.js";
import type { SecureAccount, SecureEvents, SecureSession } from "../security/connection.js";
import type { SecureStreams } from "../security/secure-stream.js";
import type { ServerUri } from "../uri.js";

/** Who has sent a request. */
export interface Requestor {
	readonly shortServerId: number;
}

/** Makes a secure session with the credentials of a Security instance. @throws Error where they cannot be used */
export type Secure = (account: SecureAccount, uri: ServerUri, events: SecureEvents) => SecureSession;

export interface PartParts {
	model: Model;
	platform: Platform;
	log: Log;
	/** Where datagrams are received into: one is handled at a time. */
	buffer: Uint8Array;
	/** The message in hand: what is received is parsed in, and what is sent is built in. */
	message: Message;
	/** Undefined in a build without DTLS. */
	secure: Secure | undefined;
	/** Makes connections for https. The part sets it: absent in a build without TLS. */
	tls?: SecureStreams | undefined;
	now(): number;
	/** 0 <= random() < 1 */
	random(): number;
	/** `step` is due. */
	wake(): void;
	/** Everything that was waiting has been taken in: the time to act on it. */
	step(): void;
	/** Calls back once the request in hand has been answered. */
	onceAnswered(run: () => void): void;
	/** Nothing waits to be told to a server, and each has acknowledged what it was told. */
	isTold(): boolean;
	/** The Security instance of the server whose request is in hand. */
	securityInstance(): number;
	/** True where every server that the device is registered at agreed to version 1.2 of the enabler. */
	is12(): boolean;
}

export interface Part {
	/** Another part of the same client. */
	next: Part | undefined;
	/** Takes the writes of the one resource that is too large for memory, block by block: see `Dispatcher.streamed`. */
	readonly streamed: Streamed;
	/** A server has answered a Register or an Update. */
	onRegistered(): void;
	/** Does what is due. @returns when it wants to be called again */
	step(now: number): number;
}

export interface Streamed {
	readonly object: number;
	readonly resource: number;
	/** Another part's. */
	next: Streamed | undefined;
	/** The longest value, bytes. */
	readonly limitBytes: number;
	/** Takes the request in `message`, whole or a block. @returns the code to answer with */
	write(from: Requestor, now: number): number;
}

export type PartFactory = (parts: PartParts) => Part | undefined;
