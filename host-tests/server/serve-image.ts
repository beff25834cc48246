// A file server for firmware as a program: one file over coap, coaps, http and https, until Ctrl-C. Exit status: 0 after a
// clean stop, 2 for bad options, 1 for anything else.

import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import fastify, { type FastifyInstance } from "fastify";
import { systemClock } from "./clock.js";
import { CoapEndpoint } from "./coap/endpoint.js";
import { DEFAULT_SETTINGS } from "./coap/numbers.js";
import { UsageError } from "./command-line.js";
import { DtlsTransport } from "./dtls/dtls-transport.js";
import { Progress } from "./firmware/progress.js";
import { Published } from "./firmware/published.js";
import { sendBytes } from "./http/range.js";
import { parseServeImage, SERVE_IMAGE_USAGE, type ServeImage } from "./serve-image-options.js";
import { hostAndPort } from "./transport.js";
import { UdpTransport } from "./udp-transport.js";

const ETAG_DIGITS = 16;

async function main(): Promise<void> {
	let options: ServeImage | undefined;
	try {
		options = parseServeImage(process.argv.slice(2));
	} catch (error) {
		if (!(error instanceof UsageError)) throw error;
		return fail(2, error.message);
	}
	if (!options) return console.log(SERVE_IMAGE_USAGE);
	let content: Buffer;
	try {
		content = readFileSync(options.file);
	} catch (error) {
		return fail(2, `${options.file}: ${error instanceof Error ? error.message : error}`);
	}
	const path = `/${encodeURIComponent(basename(options.file))}`;
	const endpoints = coapEndpoints(options, path, content);
	const sites = httpSites(options, path, content);
	const stop = () =>
		void Promise.all([...endpoints.values()].map((one) => one.stop()))
			.then(() => Promise.all([...sites.values()].map(({ app }) => app.close())))
			.then(() => process.exit(0));
	process.on("SIGINT", stop);
	process.on("SIGTERM", stop);
	for (const [scheme, { transport }] of endpoints) {
		await transport.open();
		console.log(`${scheme}://${hostAndPort(options.host, transport.port)}${path}`);
	}
	for (const [scheme, { app, port }] of sites) {
		await app.listen({ host: options.host, port });
		const address = app.server.address();
		const bound = address && typeof address === "object" ? address.port : port;
		console.log(`${scheme}://${hostAndPort(options.host, bound)}${path}`);
	}
}

function coapEndpoints(options: ServeImage, path: string, content: Buffer): Map<string, CoapEndpoint> {
	const { host, coap, coaps, blockSize, identity, key, certificate, privateKey, authority } = options;
	const published = new Published();
	const progress = new Progress((peer, bytes, size) => console.log(`${peer}: ${bytes} of ${size} bytes`));
	published.onTaken = ({ peer }, bytes, size) => progress.at(peer.key, bytes, size);
	published.add(decodeURIComponent(path), content, Buffer.from(digestOf(content).slice(0, ETAG_DIGITS), "hex"));
	const settings = { ...DEFAULT_SETTINGS, blockSize };
	const open = (transport: UdpTransport | DtlsTransport) =>
		new CoapEndpoint(transport, systemClock, settings, (request) => published.reply(request));
	const endpoints = new Map<string, CoapEndpoint>();
	if (coap !== undefined) endpoints.set("coap", open(new UdpTransport(host, coap)));
	if (coaps === undefined) return endpoints;
	const secure = new DtlsTransport({
		host,
		port: coaps,
		...(key ? { keyOf: (name) => (name === identity ? key : undefined) } : {}),
		...(certificate ? { certificate: readFileSync(certificate) } : {}),
		...(privateKey ? { privateKey: readFileSync(privateKey) } : {}),
		...(authority ? { authorities: readFileSync(authority) } : {}),
		onFailure: (message, address) => console.log(`coaps from ${address}: ${message}`),
	});
	return endpoints.set("coaps", open(secure));
}

function httpSites(
	options: ServeImage,
	path: string,
	content: Buffer,
): Map<string, { app: FastifyInstance; port: number }> {
	const { http, https, certificate, privateKey } = options;
	const sites = new Map<string, { app: FastifyInstance; port: number }>();
	const tag = digestOf(content);
	const serve = (scheme: string, app: FastifyInstance, port: number) => {
		// not the path as a route: a file's name may have signs that mean something in one
		app.get("/*", (request, reply) => {
			const name = (request.params as Record<string, string>)["*"];
			if (`/${name}` !== decodeURIComponent(path)) return reply.status(404).send();
			console.log(`${request.ip} over ${scheme}: ${request.headers.range ?? "the whole"}`);
			return sendBytes(request, reply, content, tag);
		});
		sites.set(scheme, { app, port });
	};
	if (http !== undefined) serve("http", fastify({ forceCloseConnections: true }), http);
	if (https !== undefined && certificate && privateKey) {
		const secret = { cert: readFileSync(certificate), key: readFileSync(privateKey) };
		// the instance is typed by its server, and only routes are asked of it here
		const app = fastify({ forceCloseConnections: true, https: secret }) as unknown as FastifyInstance;
		serve("https", app, https);
	}
	return sites;
}

function digestOf(content: Buffer): string {
	return createHash("sha256").update(content).digest("hex");
}

function fail(status: number, line: string): void {
	process.stderr.write(`serve-image: ${line}\n`);
	process.exitCode = status;
}

process.on("uncaughtException", (error: Error & { code?: string; port?: number }) => {
	process.stderr.write(
		`serve-image: ${error.code === "EADDRINUSE" ? `port ${error.port} is in use` : error.message}\n`,
	);
	process.exit(1);
});
await main();
