// /api/bootstrap: what the bootstrap server gives to whom.

import type { FastifyInstance } from "fastify";
import type { BootstrapServer } from "../bootstrap/bootstrap-server.js";
import { configFromJson } from "../bootstrap/config-json.js";
import type { Json } from "../lwm2m/node-json.js";
import { HttpProblem } from "./problem.js";
import { bodyOf, endpointOf, jsonOf } from "./request.js";

export function addBootstrapRoutes(app: FastifyInstance, bootstrap: BootstrapServer): void {
	app.get("/api/bootstrap", () => {
		const all: { [endpoint: string]: Json } = {};
		for (const [endpoint, { json }] of bootstrap.configs) all[endpoint] = json;
		return all;
	});
	app.post("/api/bootstrap/:ep", (request) => {
		bootstrap.configs.set(endpointOf(request), configFromJson(jsonOf(bodyOf(request))));
		return "";
	});
	app.delete("/api/bootstrap/:ep", (request, reply) => {
		const endpoint = endpointOf(request);
		if (!bootstrap.configs.delete(endpoint)) throw new HttpProblem(404, `no configuration of ${endpoint}`);
		return reply.status(204).send();
	});
}
