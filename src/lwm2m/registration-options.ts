// What a registration is made with. Types only.
import type { Log } from "../log.js";
import type { ClientEvent } from "./event.js";
import type { Model } from "./model.js";
import type { Session } from "./session.js";

export interface RegistrationOptions {
	session: Session;
	model: Model;
	/** Endpoint client name, `ep`. */
	endpointName: string;
	/** The instance of the Server object (1). */
	serverInstance: number;
	/** Queue mode: how long the device listens, s, where the server is to be told. */
	awakeSeconds: number | undefined;
	log: Log;
	now(): number;
	/** 0 <= random() < 1 */
	random(): number;
	onEvent(event: ClientEvent, shortServerId: number): void;
	/** A registration begins from nothing: what the server knew of us is gone. */
	onNew(): void;
	/** Every attempt has failed, or the server has refused the client in so many words. The next attempt is set. */
	onFailed(): void;
}
