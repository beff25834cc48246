// The companion server as a process.
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { build, root } from "./paths.mjs";
import { compileHostTests } from "./program.mjs";
import { run } from "./run.mjs";
import { setUp } from "./setup.mjs";

const program = `${build}/js/host-tests/server/main.js`;

/** Options that have the server listen on ports that nobody else has. */
export const FREE_PORTS = ["--coap", "--coaps", "--bootstrap-coap", "--bootstrap-coaps", "--http"].flatMap((name) => [
	name,
	"0",
]);

/** DTLS for the companion server. */
export function buildServerAddon() {
	run(process.execPath, [`${root}/scripts/lib/build-addon.mjs`]);
}

/** Compiles the companion server where that is needed and starts it. */
export function startServer(words, options) {
	setUp();
	compileHostTests();
	buildServerAddon();
	return spawn(process.execPath, [program, ...words], options);
}

/**
 * Starts the companion server out of reach of the terminal's Ctrl-C, so that a device can still deregister. It ends with
 * this script.
 * @returns the process, and the addresses that it listens on: `coap`, `bootstrap`, `http`
 */
export function startServerApart(words) {
	const server = startServer(words, { stdio: ["ignore", "pipe", "inherit", "ipc"], detached: true });
	return new Promise((resolve, reject) => {
		let text = "";
		const addressIn = (pattern) => pattern.exec(text)?.[1];
		server.stdout.setEncoding("utf8").on("data", (chunk) => {
			text += chunk;
			const http = addressIn(/^HTTP API on (\S+)/m);
			if (http)
				resolve({
					server,
					coap: addressIn(/^LwM2M server on (coap:\S+)/m),
					bootstrap: addressIn(/^Bootstrap server on (coap:\S+)/m),
					http,
				});
		});
		server.on("exit", () => reject(new Error("the companion server did not start")));
	});
}

/**
 * The companion server in this process, with DTLS and one pre-shared key.
 * @returns the server, and the port of coaps
 */
export async function startSecureServer(identity, key) {
	const { hexKey, pskInfo } = await load("security/security-info.js");
	const started = await startWith({ keyOf: (name) => started.server.security.keyOf(name) });
	started.server.security.add(pskInfo(identity, identity, hexKey(key)));
	return started;
}

/**
 * The same with certificates.
 * @param folder what makeCertificates has made
 */
export function startCertificateServer(folder) {
	const [certificate, privateKey, authorities] = ["server.pem", "server.key", "ca.pem"].map((name) =>
		readFileSync(`${folder}/${name}`),
	);
	return startWith({ certificate, privateKey, authorities });
}

async function startWith(credentials) {
	const { DtlsTransport } = await load("dtls/dtls-transport.js");
	const { createServer } = await load("server.js");
	const transport = new DtlsTransport(credentials);
	const server = createServer({ secureTransport: transport });
	await server.start();
	return { server, port: transport.port };
}

function load(module) {
	setUp();
	compileHostTests();
	buildServerAddon();
	return import(`${build}/js/host-tests/server/${module}`);
}
