// The companion server as a program. Exit status: 0 after a clean stop, 2 for bad options, 1 for anything else.

import { createBootstrapServer } from "./bootstrap/bootstrap-server.js";
import { type CommandLine, parseCommandLine, USAGE, UsageError } from "./command-line.js";
import { Console } from "./console.js";
import type { DtlsTransport } from "./dtls/dtls-transport.js";
import { secureTransport } from "./secure.js";
import { createServer } from "./server.js";
import { hostAndPort } from "./transport.js";

async function main(): Promise<void> {
	const options = readOptions();
	if (!options) return;
	let secure: readonly [DtlsTransport, DtlsTransport];
	try {
		secure = [
			secureTransport(options, options.coaps, () => server.security),
			secureTransport(options, options.bootstrapCoaps, () => bootstrap.security),
		];
	} catch (error) {
		fail(1, startProblem(error));
		return;
	}
	const bootstrap = createBootstrapServer({
		secureTransport: secure[1],
		host: options.host,
		coapPort: options.bootstrapCoap,
		coap: { blockSize: options.blockSize },
	});
	const server = createServer({
		secureTransport: secure[0],
		bootstrap,
		host: options.host,
		coapPort: options.coap,
		httpPort: options.http,
		versions: options.versions,
		coap: { blockSize: options.blockSize },
	});
	let prompt: Console | undefined;
	let isStopping = false;
	const stop = () => {
		if (isStopping) return;
		isStopping = true;
		prompt?.close();
		process.stdin.pause();
		void Promise.all([server.stop(), bootstrap.stop()]).then(() => process.exit(0));
	};
	process.on("SIGINT", stop);
	process.on("SIGTERM", stop);
	// the script that has started it apart from the terminal has ended, whatever has ended it
	process.on("disconnect", stop);
	// listening to it is no reason to stay where the server cannot start
	process.channel?.unref();
	try {
		await bootstrap.start();
		await server.start();
	} catch (error) {
		await bootstrap.stop();
		fail(1, startProblem(error));
		return;
	}
	if (isStopping) return;
	const addresses = (coap: number, coaps: number) =>
		`coap://${hostAndPort(options.host, coap)} and coaps://${hostAndPort(options.host, coaps)}`;
	console.log(`LwM2M server on ${addresses(server.coapPort, secure[0].port)}`);
	console.log(`Bootstrap server on ${addresses(bootstrap.coapPort, secure[1].port)}`);
	console.log(`HTTP API on http://${hostAndPort(options.host, server.httpPort)}/api`);
	const hasConsole = options.hasConsole || process.stdin.isTTY === true;
	if (hasConsole) prompt = new Console(server, process.stdin, process.stdout, stop);
}

function readOptions(): CommandLine | undefined {
	try {
		const options = parseCommandLine(process.argv.slice(2));
		if (!options.isHelp) return options;
		console.log(USAGE);
	} catch (error) {
		if (!(error instanceof UsageError)) throw error;
		fail(2, error.message);
	}
	return undefined;
}

function startProblem(error: unknown): string {
	// The system's errors carry these two; others have neither.
	const { code, port } = error as { code?: string; port?: number };
	if (code === "EADDRINUSE") return `port ${port} is in use`;
	if (code === "EACCES") return `port ${port} is not allowed for this user`;
	return error instanceof Error ? error.message : String(error);
}

function fail(status: number, line: string): void {
	process.stderr.write(`server: ${line}\n`);
	process.exitCode = status;
}

await main();
