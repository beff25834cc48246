// /api/clients: the registered devices and the operations on one node.

import type { FastifyInstance, FastifyRequest } from "fastify";
import { formatByName } from "../codec/content-format.js";
import type { Answer } from "../lwm2m/answer.js";
import type { Node } from "../lwm2m/node.js";
import { nodeFromJson } from "../lwm2m/node-json.js";
import type { OperationOptions, Operations } from "../lwm2m/operations.js";
import { formatPath, type Path, parsePath } from "../lwm2m/path.js";
import { registrationToJson } from "../lwm2m/registration.js";
import type { CompanionServer } from "../server.js";
import { cancel } from "./cancel.js";
import { addCompositeRoutes } from "./composite.js";
import { answerNowOrLater, type DelayedRequest } from "./delayed.js";
import { HttpProblem } from "./problem.js";
import { bodyOf, deviceOf, endpointOf, jsonOf, type Query, queryOf, timeoutOf } from "./request.js";

interface Target {
	readonly endpoint: string;
	readonly device: Operations;
	readonly path: Path;
	/** "observe" or another word after the ids, "" without one. */
	readonly word: string;
	readonly query: Query;
	readonly options: OperationOptions;
	readonly body: string;
	/** A body that is the value itself, of a STRING resource. */
	readonly isPlainText: boolean;
}

export function addClientRoutes(app: FastifyInstance, server: CompanionServer): void {
	app.get("/api/clients", () => [...server.registrations].map(registrationToJson));
	app.get("/api/clients/:ep", (request, reply) => {
		const registration = server.registrations.byEndpoint(endpointOf(request));
		if (!registration) throw new HttpProblem(404, `no registered client with id '${endpointOf(request)}'`);
		return reply.send(registrationToJson(registration));
	});
	addCompositeRoutes(app, server);
	app.get("/api/clients/:ep/*", async (request) => {
		const target = targetOf(request, server);
		return answerNowOrLater(server, delayOf(target), () => get(target));
	});
	app.put("/api/clients/:ep/*", async (request) => {
		const target = targetOf(request, server);
		return answerNowOrLater(server, delayOf(target), () => put(target, request.url));
	});
	app.post("/api/clients/:ep/*", async (request) => {
		const target = targetOf(request, server);
		return answerNowOrLater(server, delayOf(target), () => post(target));
	});
	app.delete("/api/clients/:ep/*", async (request, reply) => {
		const target = targetOf(request, server);
		if (target.word !== "observe") return answerNowOrLater(server, delayOf(target), () => remove(target));
		return cancel(server, delayOf(target), "single", [target.path], target.query, reply);
	});
}

function targetOf(request: FastifyRequest, server: CompanionServer): Target {
	const device = deviceOf(request, server);
	const rest = (request.params as Record<string, string>)["*"] ?? "";
	const match = /^((?:\/?\d+)*)\/?([a-z]*)\/?$/.exec(rest);
	if (!match) throw new HttpProblem(400, `invalid path "/${rest}": ids, at most four, then nothing or one word`);
	const path = parsePath(match[1] ? `/${match[1].replace(/^\//, "")}` : "/");
	const query = queryOf(request);
	const format = query["format"];
	const options: OperationOptions = {
		...timeoutOf(query),
		...(format === undefined ? {} : { format: format.toUpperCase() === "NONE" ? null : formatByName(format) }),
	};
	const isPlainText = request.headers["content-type"]?.startsWith("text/plain") === true;
	const endpoint = endpointOf(request);
	return { endpoint, device, path, word: match[2]!, query, options, body: bodyOf(request), isPlainText };
}

function delayOf({ endpoint, path, query }: Target): DelayedRequest {
	return { endpoint, path: formatPath(path), ...timeoutOf(query) };
}

async function get({ device, path, word, options }: Target): Promise<Answer> {
	if (word === "discover") return device.discover(path, options);
	if (word !== "" || path.length === 0) throw invalid("Read", path, word, "1 to 4 ids; ids/discover");
	return device.read(path, options);
}

async function put({ device, path, word, query, options, body, isPlainText }: Target, url: string): Promise<Answer> {
	if (word === "attributes" && path.length >= 1) return device.writeAttributes(path, attributesIn(url), options);
	if (word !== "" || path.length < 2) throw invalid("Write", path, word, "2 to 4 ids; ids/attributes");
	const node =
		isPlainText && path.length === 3 && !body.startsWith("{") ? stringResource(path, body) : nodeOf(body, path);
	return device.write(path, node, query["replace"] !== "false", options);
}

async function post({ device, path, word, options, body }: Target): Promise<Answer> {
	if (word === "observe" && path.length >= 1) return device.observe(path, options);
	if (word !== "" || path.length < 1 || path.length > 3)
		throw invalid("POST", path, word, "3 ids to Execute, 1 or 2 to Create; ids/observe");
	if (path.length === 3) return device.execute(path, body, options);
	const node = nodeOf(body, path);
	if (node.kind !== "instance") throw new HttpProblem(400, "Create needs a node of kind instance");
	return device.create(path.slice(0, 1), node, options);
}

async function remove({ device, path, word, options }: Target): Promise<Answer> {
	if (word !== "" || path.length < 2) throw invalid("Delete", path, word, "2 to 4 ids; ids/observe to cancel");
	return device.delete(path, options);
}

function invalid(operation: string, path: Path, word: string, allowed: string): HttpProblem {
	const text = [...path, ...(word === "" ? [] : [word])].join("/");
	return new HttpProblem(400, `${operation}: invalid path "/${text}": ${allowed}`);
}

function nodeOf(body: string, path: Path): Node {
	return nodeFromJson(jsonOf(body), path);
}

function stringResource(path: Path, value: string): Node {
	return { kind: "singleResource", id: path[2]!, type: "STRING", value };
}

/** The query as it is on the wire, without what is meant for this server. */
function attributesIn(url: string): string[] {
	const at = url.indexOf("?");
	const items = at < 0 ? [] : url.slice(at + 1).split("&");
	return items.map(decodeURIComponent).filter((item) => item !== "" && !/^(timeout|format)(=|$)/.test(item));
}
