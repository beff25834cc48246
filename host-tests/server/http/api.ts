// The HTTP API: paths and JSON shapes of the Leshan demo server below /api.

import fastify, { type FastifyInstance, type FastifyReply } from "fastify";
import { RequestFailure } from "../coap/requester.js";
import { QueueFull } from "../lwm2m/downlink.js";
import { isTimeout } from "../lwm2m/operations.js";
import { CodecError } from "../lwm2m/value.js";
import type { CompanionServer } from "../server.js";
import { addBootstrapRoutes } from "./bootstrap.js";
import { addClientRoutes } from "./clients.js";
import { EventStream } from "./event-stream.js";
import { addFirmwareRoutes } from "./firmware.js";
import { HttpProblem } from "./problem.js";
import { addSecurityRoutes } from "./security.js";

const LARGEST_BODY_BYTES = 64 * 1024 * 1024;

export class HttpApi {
	readonly #app: FastifyInstance;
	readonly #host: string;
	readonly #wantedPort: number;
	readonly #stream: EventStream;
	#port = 0;

	constructor(server: CompanionServer, host: string, port: number) {
		this.#host = host;
		this.#wantedPort = port;
		this.#stream = new EventStream(server.bootstrap ? [server.events, server.bootstrap.events] : [server.events]);
		this.#app = fastify({
			bodyLimit: LARGEST_BODY_BYTES,
			forceCloseConnections: true,
			routerOptions: { maxParamLength: 1024 },
		});
		// Bodies stay text: an Execute has arguments, everything else JSON, whatever the header says.
		this.#app.removeAllContentTypeParsers();
		this.#app.addContentTypeParser("*", { parseAs: "string" }, (_request, body, done) => done(null, body));
		this.#app.setErrorHandler((error, _request, reply) => answerError(error, reply));
		this.#app.setNotFoundHandler((request, reply) =>
			reply.status(404).send({ errormessage: `no ${request.method} ${request.url} here` }),
		);
		this.#app.get("/api/event", (request, reply) => this.#stream.open(request, reply));
		addClientRoutes(this.#app, server);
		addSecurityRoutes(this.#app, server);
		addFirmwareRoutes(this.#app, server);
		if (server.bootstrap) addBootstrapRoutes(this.#app, server.bootstrap);
	}

	get port(): number {
		return this.#port;
	}

	async start(): Promise<void> {
		await this.#app.listen({ host: this.#host, port: this.#wantedPort });
		const address = this.#app.server.address();
		this.#port = address && typeof address === "object" ? address.port : 0;
	}

	async stop(): Promise<void> {
		this.#stream.close();
		await this.#app.close();
	}
}

function answerError(error: unknown, reply: FastifyReply): void {
	const message = error instanceof Error ? error.message : String(error);
	void reply.status(statusOf(error)).send({ errormessage: message });
}

function statusOf(error: unknown): number {
	if (error instanceof HttpProblem) return error.status;
	if (error instanceof QueueFull) return 503;
	if (isTimeout(error)) return 504;
	if (error instanceof RequestFailure) return 500;
	if (error instanceof CodecError || error instanceof RangeError) return 400;
	if (error instanceof Error && "statusCode" in error && typeof error.statusCode === "number") return error.statusCode;
	return 500;
}
