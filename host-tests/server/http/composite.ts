// /api/clients/{ep}/composite: Read, Write and Observe of many paths at once.

import type { FastifyInstance, FastifyRequest } from "fastify";
import { formatByName } from "../codec/content-format.js";
import type { Node } from "../lwm2m/node.js";
import { nodeFromJson } from "../lwm2m/node-json.js";
import type { CompositeOptions } from "../lwm2m/operations.js";
import { type Path, parsePath } from "../lwm2m/path.js";
import type { CompanionServer } from "../server.js";
import { cancel } from "./cancel.js";
import { answerNowOrLater, type DelayedRequest } from "./delayed.js";
import { HttpProblem } from "./problem.js";
import { bodyOf, deviceOf, endpointOf, jsonOf, type Query, queryOf, timeoutOf } from "./request.js";

export function addCompositeRoutes(app: FastifyInstance, server: CompanionServer): void {
	app.get("/api/clients/:ep/composite", async (request) => {
		const query = queryOf(request);
		const device = deviceOf(request, server);
		const paths = pathsIn(query);
		return answerNowOrLater(server, delayOf(request), () => device.readComposite(paths, optionsIn(query)));
	});
	app.put("/api/clients/:ep/composite", async (request) => {
		const device = deviceOf(request, server);
		const nodes = nodesIn(bodyOf(request));
		const options = optionsIn(queryOf(request));
		return answerNowOrLater(server, delayOf(request), () => device.writeComposite(nodes, options));
	});
	app.post("/api/clients/:ep/composite/observe", async (request) => {
		const query = queryOf(request);
		const device = deviceOf(request, server);
		const paths = pathsIn(query);
		return answerNowOrLater(server, delayOf(request), () => device.observeComposite(paths, optionsIn(query)));
	});
	app.delete("/api/clients/:ep/composite/observe", async (request, reply) => {
		const query = queryOf(request);
		return cancel(server, delayOf(request), "composite", pathsIn(query), query, reply);
	});
}

function delayOf(request: FastifyRequest): DelayedRequest {
	return { endpoint: endpointOf(request), ...timeoutOf(queryOf(request)) };
}

function pathsIn(query: Query): Path[] {
	const text = query["paths"];
	if (!text) throw new HttpProblem(400, "paths is missing");
	return text.split(",").map(parsePath);
}

function optionsIn(query: Query): CompositeOptions {
	const pathFormat = query["pathformat"];
	const nodeFormat = query["nodeformat"];
	return {
		...timeoutOf(query),
		...(pathFormat === undefined ? {} : { pathFormat: formatByName(pathFormat) }),
		...(nodeFormat === undefined ? {} : { nodeFormat: formatByName(nodeFormat) }),
	};
}

function nodesIn(body: string): Map<Path, Node> {
	const json = jsonOf(body);
	if (!json || typeof json !== "object" || Array.isArray(json))
		throw new HttpProblem(400, "the body is no JSON object: nodes by path");
	const nodes = new Map<Path, Node>();
	for (const [text, node] of Object.entries(json)) {
		const path = parsePath(text);
		nodes.set(path, nodeFromJson(node, path));
	}
	if (nodes.size === 0) throw new HttpProblem(400, "no node to write");
	return nodes;
}
