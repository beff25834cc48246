// /api/firmware: images that were uploaded, their push to a device and the start of a pull. The images themselves are
// below /fw, over HTTP as over CoAP.

import type { FastifyInstance, FastifyRequest } from "fastify";
import { type FirmwareImage, imageToJson, pathOf } from "../firmware/images.js";
import { plainAnswer } from "../lwm2m/answer.js";
import type { CompanionServer } from "../server.js";
import { hostAndPort } from "../transport.js";
import { answerNowOrLater } from "./delayed.js";
import { HttpProblem } from "./problem.js";
import { sendBytes } from "./range.js";
import { endpointOf, queryOf, timeoutOf } from "./request.js";

const BLOCK_SIZES = ["16", "32", "64", "128", "256", "512", "1024"];
const PACKAGE = [5, 0, 0] as const;
const PACKAGE_URI = [5, 0, 1] as const;

export function addFirmwareRoutes(app: FastifyInstance, server: CompanionServer): void {
	// bytes, whatever the header says
	void app.register(async (scope) => {
		scope.removeAllContentTypeParsers();
		scope.addContentTypeParser("*", { parseAs: "buffer" }, (_request, body, done) => done(null, body));
		scope.put("/api/firmware", (request) => {
			const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
			return toJson(server.offerFirmware(body), request, server);
		});
	});
	app.get("/api/firmware", (request) => [...server.firmware].map((image) => toJson(image, request, server)));
	app.delete("/api/firmware/:id", (request) => {
		server.withdrawFirmware(imageOf(request, server));
		return "";
	});
	app.get("/fw/:id", (request, reply) => {
		const { content, sha256 } = imageOf(request, server);
		return sendBytes(request, reply, content, sha256);
	});
	app.post("/api/firmware/:id/push/:ep", (request) => {
		const image = imageOf(request, server);
		const endpoint = endpointOf(request);
		const { block } = queryOf(request);
		if (block !== undefined && !BLOCK_SIZES.includes(block))
			throw new HttpProblem(400, `block=${block} is none of ${BLOCK_SIZES.join(", ")}`);
		const options = { ...timeoutOf(queryOf(request)), ...(block === undefined ? {} : { blockSize: Number(block) }) };
		return answerNowOrLater(server, delayOf(request, PACKAGE), async () =>
			plainAnswer(await server.pushFirmware(endpoint, image, options)),
		);
	});
	app.post("/api/firmware/:id/pull/:ep", (request) => {
		const image = imageOf(request, server);
		const uris = urisOf(image, request, server);
		const scheme = queryOf(request)["scheme"] ?? "coap";
		const value = uris[scheme];
		if (value === undefined)
			throw new HttpProblem(400, `scheme=${scheme} is none of ${Object.keys(uris).join(", ")} here`);
		const endpoint = endpointOf(request);
		return answerNowOrLater(server, delayOf(request, PACKAGE_URI), () =>
			server.pullFirmware(endpoint, image, value, timeoutOf(queryOf(request))),
		);
	});
}

function delayOf(request: FastifyRequest, path: readonly number[]) {
	return { endpoint: endpointOf(request), path: `/${path.join("/")}`, ...timeoutOf(queryOf(request)) };
}

function imageOf(request: FastifyRequest, server: CompanionServer): FirmwareImage {
	const { id = "" } = request.params as Record<string, string>;
	const image = server.firmware.get(id);
	if (!image) throw new HttpProblem(404, `no firmware image ${id}`);
	return image;
}

function toJson(image: FirmwareImage, request: FastifyRequest, server: CompanionServer) {
	return imageToJson(image, urisOf(image, request, server));
}

/** As seen from where the request came from; `host=` in the query for a device that sees this server otherwise. */
function urisOf(image: FirmwareImage, request: FastifyRequest, server: CompanionServer): { [scheme: string]: string } {
	const host = queryOf(request)["host"] ?? request.hostname.replace(/^\[|\]$/g, "");
	const path = pathOf(image);
	return {
		coap: `coap://${hostAndPort(host, server.coapPort)}${path}`,
		...(server.coapsPort === 0 ? {} : { coaps: `coaps://${hostAndPort(host, server.coapsPort)}${path}` }),
		http: `http://${hostAndPort(host, server.httpPort)}${path}`,
	};
}
