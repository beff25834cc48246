// The events of the server: the same names and data for SSE clients, the console and tests.

import { EventEmitter } from "node:events";
import type { Json } from "./lwm2m/node-json.js";

export type EventName =
	| "REGISTRATION"
	| "UPDATED"
	| "DEREGISTRATION"
	| "AWAKE"
	| "SLEEPING"
	| "NOTIFICATION"
	| "SEND"
	| "REQUEST_RESPONSE"
	| "FIRMWARE"
	| "BSSESSION"
	| "ERROR"
	| "COAPLOG";

export const EVENT_NAMES: readonly EventName[] = [
	"REGISTRATION",
	"UPDATED",
	"DEREGISTRATION",
	"AWAKE",
	"SLEEPING",
	"NOTIFICATION",
	"SEND",
	"REQUEST_RESPONSE",
	"FIRMWARE",
	"BSSESSION",
	"ERROR",
	"COAPLOG",
];

export interface ServerEvent {
	readonly name: EventName;
	readonly endpoint: string;
	readonly data: { [name: string]: Json };
}

/** Emits each event under its own name, with its data, and under "event" as a ServerEvent. */
export class ServerEvents extends EventEmitter {
	publish(name: EventName, endpoint: string, data: { [name: string]: Json }): void {
		this.emit("event", { name, endpoint, data } satisfies ServerEvent);
		this.emit(name, data);
	}

	/** The next event of this name that the filter takes. */
	waitFor(
		name: EventName,
		isWanted: (data: ServerEvent["data"]) => boolean = () => true,
		timeoutMs = 10_000,
	): Promise<ServerEvent["data"]> {
		return new Promise((resolve, reject) => {
			const stop = () => {
				clearTimeout(timer);
				this.off(name, listener);
			};
			const listener = (data: ServerEvent["data"]) => {
				if (!isWanted(data)) return;
				stop();
				resolve(data);
			};
			const timer = setTimeout(() => {
				stop();
				reject(new Error(`no ${name} event within ${timeoutMs} ms`));
			}, timeoutMs);
			this.on(name, listener);
		});
	}
}
