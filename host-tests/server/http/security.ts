// /api/security/clients: the credentials of the LwM2M server, with `?server=bootstrap` those of the bootstrap server.

import type { FastifyInstance, FastifyRequest } from "fastify";
import { securityFromJson, securityToJson } from "../security/security-info.js";
import type { SecurityStore } from "../security/security-store.js";
import type { CompanionServer } from "../server.js";
import { HttpProblem } from "./problem.js";
import { bodyOf, endpointOf, jsonOf, queryOf } from "./request.js";

export function addSecurityRoutes(app: FastifyInstance, server: CompanionServer): void {
	app.get("/api/security/clients", (request) => [...storeOf(request, server)].map(securityToJson));
	const put = (request: FastifyRequest): string => {
		storeOf(request, server).add(securityFromJson(jsonOf(bodyOf(request))));
		return "";
	};
	app.put("/api/security/clients", put);
	app.put("/api/security/clients/", put);
	app.delete("/api/security/clients/:ep", (request) => {
		const endpoint = endpointOf(request);
		if (!storeOf(request, server).remove(endpoint)) throw new HttpProblem(404, `no credentials of ${endpoint}`);
		return "";
	});
}

function storeOf(request: FastifyRequest, server: CompanionServer): SecurityStore {
	const which = queryOf(request)["server"];
	if (which === undefined || which === "lwm2m") return server.security;
	if (which !== "bootstrap") throw new HttpProblem(400, `server=${which} is neither lwm2m nor bootstrap`);
	if (!server.bootstrap) throw new HttpProblem(404, "there is no bootstrap server");
	return server.bootstrap.security;
}
