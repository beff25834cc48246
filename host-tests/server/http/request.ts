// What the routes take out of an HTTP request.

import type { FastifyRequest } from "fastify";
import type { Json } from "../lwm2m/node-json.js";
import type { Operations } from "../lwm2m/operations.js";
import type { CompanionServer } from "../server.js";
import { HttpProblem } from "./problem.js";

export type Query = Record<string, string | undefined>;

export function endpointOf(request: FastifyRequest): string {
	return (request.params as Record<string, string>)["ep"] ?? "";
}

export function queryOf(request: FastifyRequest): Query {
	return request.query as Query;
}

/** The timeout is in seconds, as Leshan has it. */
export function timeoutOf(query: Query): { timeoutMs?: number } {
	const text = query["timeout"];
	if (text === undefined) return {};
	if (!/^\d+(\.\d+)?$/.test(text) || Number(text) <= 0)
		throw new HttpProblem(400, `timeout=${text} is no number of seconds`);
	return { timeoutMs: Number(text) * 1000 };
}

export function deviceOf(request: FastifyRequest, server: CompanionServer): Operations {
	return server.device(endpointOf(request));
}

export function bodyOf(request: FastifyRequest): string {
	return typeof request.body === "string" ? request.body : "";
}

export function jsonOf(body: string): Json {
	try {
		// JSON.parse gives exactly what the type describes.
		return JSON.parse(body) as Json;
	} catch (error) {
		throw new HttpProblem(400, `the body is no JSON: ${error instanceof Error ? error.message : String(error)}`);
	}
}
