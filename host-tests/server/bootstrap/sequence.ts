// The sequence of a configuration in one session. An error response does not end it unless the configuration or the
// step says so: without a Finish that succeeds, and with any request that gets no answer, the session has failed.

import type { Answer } from "../lwm2m/answer.js";
import type { Link } from "../lwm2m/link-format.js";
import { type BootstrapConfig, type Step, stepsOf } from "./config.js";
import type { BootstrapSession } from "./session.js";

/** What to do with a step: `stop` breaks the session off before it. */
export type Verdict = "send" | "skip" | "stop";

/** Asked before each message of a sequence, the first one has the index 0. */
export type OnStep = (step: Step, index: number, session: BootstrapSession) => Verdict | Promise<Verdict>;

export class SessionFailed extends Error {
	override readonly name = "SessionFailed";
}

export async function runSequence(session: BootstrapSession, config: BootstrapConfig, onStep: OnStep): Promise<void> {
	let index = 0;
	const take = async (step: Step): Promise<Answer | undefined> => {
		const verdict = await onStep(step, index++, session);
		if (verdict === "stop") throw new SessionFailed(`broken off before message ${index - 1}`);
		if (verdict === "skip") return undefined;
		const answer = await perform(session, step);
		if (!answer.isSuccess && (config.stopsOnError || step.kind === "finish")) {
			throw new SessionFailed(`${step.kind} got ${answer.code}`);
		}
		return answer;
	};
	let links: readonly Link[] | undefined;
	if (config.discover) links = (await take({ kind: "discover", path: config.discover }))?.links;
	for (const step of stepsOf(config, links)) await take(step);
}

function perform(session: BootstrapSession, step: Step): Promise<Answer> {
	switch (step.kind) {
		case "discover":
			return session.discover(step.path);
		case "delete":
			return session.delete(step.path);
		case "write":
			return session.write(step.path, step.node);
		case "read":
			return session.read(step.path);
		case "finish":
			return session.finish();
	}
}
