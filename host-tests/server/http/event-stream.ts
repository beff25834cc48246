// GET /event?ep=NAME: the events of the server as server-sent events (WHATWG HTML, 9.2).

import type { FastifyReply, FastifyRequest } from "fastify";
import type { ServerEvent, ServerEvents } from "../events.js";

export class EventStream {
	readonly #sources: readonly ServerEvents[];
	readonly #closers = new Set<() => void>();

	constructor(sources: readonly ServerEvents[]) {
		this.#sources = sources;
	}

	open(request: FastifyRequest, reply: FastifyReply): void {
		const { ep } = request.query as Record<string, string | undefined>;
		reply.hijack();
		const response = reply.raw;
		response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-cache" });
		response.write(": connected\n\n");
		const listener = ({ name, endpoint, data }: ServerEvent) => {
			// Without an endpoint the log of messages would drown everything else.
			if (ep === undefined ? name === "COAPLOG" : endpoint !== ep) return;
			response.write(`event: ${name}\ndata: ${JSON.stringify(data)}\n\n`);
		};
		const close = () => {
			for (const events of this.#sources) events.off("event", listener);
			this.#closers.delete(close);
			response.end();
		};
		for (const events of this.#sources) events.on("event", listener);
		this.#closers.add(close);
		response.on("close", close);
	}

	close(): void {
		for (const close of [...this.#closers]) close();
	}
}
