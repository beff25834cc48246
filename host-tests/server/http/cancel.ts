// The end of an observation, of one path or of a composite.

import type { FastifyReply } from "fastify";
import type { Json } from "../lwm2m/node-json.js";
import type { Path } from "../lwm2m/path.js";
import type { CompanionServer } from "../server.js";
import { answerNowOrLater, type DelayedRequest } from "./delayed.js";
import { HttpProblem } from "./problem.js";
import { type Query, timeoutOf } from "./request.js";

/** Passive unless `active` is in the query; then the device is told and its answer is the answer. */
export async function cancel(
	server: CompanionServer,
	request: DelayedRequest,
	kind: "single" | "composite",
	paths: readonly Path[],
	query: Query,
	reply: FastifyReply,
): Promise<Json | FastifyReply> {
	const device = server.device(request.endpoint);
	if (query["active"] === undefined || query["active"] === "false") {
		device.cancelPassively(kind, paths);
		return reply.status(200).send("");
	}
	return answerNowOrLater(server, request, async () => {
		const answer = await device.cancelActively(kind, paths, timeoutOf(query));
		if (!answer) throw new HttpProblem(404, "no such observation");
		return answer;
	});
}
