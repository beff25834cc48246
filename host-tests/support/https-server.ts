// Serves one file by https over Node's own TLS: ranges, ETag; it can break off, redirect and refuse. Node only.
import { readFileSync } from "node:fs";
import { createServer, type ServerOptions } from "node:https";
import type { TLSSocket } from "node:tls";
import { LocalServer } from "./local-server.js";

export class HttpsServer extends LocalServer {
	/** The Range headers that came, "" for none. */
	readonly ranges: string[] = [];
	/** What the last client agreed to: version, suite, server name, and the common name of its certificate. */
	agreed = { version: "", suite: "", name: "", client: "" };
	/** Bytes of a body after which the connection breaks; undefined: it does not. */
	breaksAfter: number | undefined;
	/** In place of the file: a status and headers. */
	answer: { status: number; headers: Record<string, string> } | undefined;

	/** @param options of Node's https, with names of files for `cert`, `key` and `ca` */
	constructor(file: Uint8Array, folder: string, options: ServerOptions & { cert?: string; key?: string; ca?: string }) {
		const read = (name: string | undefined) => (name === undefined ? undefined : readFileSync(`${folder}/${name}`));
		const files = { cert: read(options.cert), key: read(options.key), ca: read(options.ca) };
		const server = createServer({ ...options, ...files }, (request, response) => {
			const socket = request.socket as TLSSocket; // of https
			const peer = socket.getPeerCertificate();
			this.agreed = {
				version: socket.getProtocol() ?? "",
				suite: socket.getCipher().name,
				name: typeof socket.servername === "string" ? socket.servername : "",
				client: String(peer?.subject?.CN ?? ""),
			};
			const range = request.headers.range ?? "";
			this.ranges.push(range);
			if (this.answer) {
				response.writeHead(this.answer.status, this.answer.headers);
				response.end();
				return;
			}
			const from = Number(/bytes=(\d+)-/.exec(range)?.[1] ?? 0);
			const rest = file.subarray(from);
			response.setHeader("ETag", '"v2"');
			response.setHeader("Content-Length", rest.length);
			if (range) response.setHeader("Content-Range", `bytes ${from}-${file.length - 1}/${file.length}`);
			response.writeHead(range ? 206 : 200);
			if (this.breaksAfter === undefined) response.end(rest);
			else response.write(rest.subarray(0, this.breaksAfter), () => setTimeout(() => response.destroy(), 100));
		});
		// a client that gives the handshake up is no fault of the test
		server.on("tlsClientError", () => {});
		super(server);
	}
}
