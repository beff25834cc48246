// COAPLOG events: each datagram of a registered device in words, made only when someone listens.

import type { Clock } from "./clock.js";
import { decodeMessage, optionUint } from "./coap/message.js";
import { CONTENT_FORMAT, methodOfCode } from "./coap/numbers.js";
import { LINK, SENML_JSON, TEXT } from "./codec/content-format.js";
import type { ServerEvents } from "./events.js";
import type { Registrations } from "./lwm2m/registrations.js";
import type { Direction, Peer } from "./transport.js";

const READABLE: readonly number[] = [TEXT, LINK, SENML_JSON];

export function coapLog(
	events: ServerEvents,
	registrations: Registrations,
	clock: Clock,
	direction: Direction,
	datagram: Buffer,
	peer: Peer,
): void {
	if (events.listenerCount("COAPLOG") === 0 && events.listenerCount("event") === 0) return;
	const message = decodeMessage(datagram);
	if (!message) return;
	for (const registration of registrations) {
		if (registration.peer.key !== peer.key) continue;
		const format = optionUint(message, CONTENT_FORMAT);
		const isText = format === undefined || READABLE.includes(format);
		events.publish("COAPLOG", registration.endpoint, {
			timestamp: clock.now(),
			incoming: direction === "in",
			type: message.type,
			code: methodOfCode(message.code) ?? message.code,
			mId: message.messageId,
			token: message.token.toString("hex"),
			options: message.options.map(({ number, value }) => `${number}=${value.toString("hex")}`).join(" "),
			payload: message.payload.toString(isText ? "utf8" : "hex"),
			ep: registration.endpoint,
		});
		return;
	}
}
