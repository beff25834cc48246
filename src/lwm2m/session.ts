// What belongs to one server: the CoAP layers to it and what it may do. The registration, bootstrap and reporting
// machines each hold the session that they serve.
import type { Endpoint } from "../coap/endpoint.js";
import type { Exchanges } from "../coap/exchange.js";
import type { Transfer } from "../coap/transfer.js";
import type { EnablerVersion } from "./definition.js";

export interface Session {
	readonly endpoint: Endpoint;
	readonly exchanges: Exchanges;
	readonly transfer: Transfer;
	/** 1..65534, resource 1/x/0; 0 for the bootstrap server. */
	readonly shortServerId: number;
	/** Confirmable messages in the endpoint's hands that have not gone out yet: they wait for the device to wake. */
	readonly held: number;
	/** The version of the enabler that was registered with. */
	enabler: EnablerVersion;
	/** Whether the server may read an instance; undefined where it may read all. */
	readonly mayRead: ((object: number, instance: number) => boolean) | undefined;
	/** True while the server may be sent notifications: registered, and neither paused nor without a connection. */
	readonly isReady: boolean;
	/** False while a message would wait for the answer to an Update: what grows meanwhile is better sent after it. */
	readonly isReachable: boolean;
	/** The server has not answered: it is to be found out whether it is still there. */
	onSilence(): void;
}
