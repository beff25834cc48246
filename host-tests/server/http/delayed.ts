// Answers for devices that sleep, as the Leshan demo server gives them: the request is accepted with an id, and its
// response comes later as a REQUEST_RESPONSE event. With `timeout` in the query the answer waits that long first.

import { randomUUID } from "node:crypto";
import { type Answer, answerToJson } from "../lwm2m/answer.js";
import type { Json } from "../lwm2m/node-json.js";
import type { CompanionServer } from "../server.js";

/** What a device that is awake takes for what waits before. */
const TURN_MS = 5000;

export interface DelayedRequest {
	readonly endpoint: string;
	/** Absent for a composite. */
	readonly path?: string;
	/** How long HTTP waits for its turn: not at all while the device sleeps, unless given. */
	readonly timeoutMs?: number;
}

/** The operation's answer; for a device that sleeps perhaps only that it is delayed. */
export async function answerNowOrLater(
	server: CompanionServer,
	{ endpoint, path, timeoutMs }: DelayedRequest,
	operate: () => Promise<Answer>,
): Promise<Json> {
	const isHolding = server.isHolding(endpoint);
	const isSleeping = server.registrations.byEndpoint(endpoint)?.isSleeping === true;
	const waitMs = timeoutMs ?? (isSleeping ? 0 : TURN_MS);
	const answer = operate().then(answerToJson);
	if (!isHolding) return answer;
	const head = { ep: endpoint, ...(path === undefined ? {} : { path }), requestId: randomUUID() };
	const first = await Promise.race([answer, afterwards(server, waitMs)]);
	if (first !== undefined) return first;
	const publish = (rest: { [name: string]: Json }) =>
		server.events.publish("REQUEST_RESPONSE", endpoint, { ...head, ...rest, delayed: true });
	answer.then(
		(response) => publish({ response }),
		(error: unknown) => publish({ errormessage: error instanceof Error ? error.message : String(error) }),
	);
	return { ...head, delayed: true };
}

function afterwards(server: CompanionServer, delayMs: number): Promise<undefined> {
	return new Promise((resolve) => server.clock.schedule(() => resolve(undefined), delayMs));
}
