// npm run serve-image -- FILE [options]: one file over coap, coaps, http and https. `--help` lists the options. Without
// --cert the certificate for https is one of our own, made by openssl where there is one.
import { spawn } from "node:child_process";
import { relative } from "node:path";
import { makeCertificates } from "./lib/certificates.mjs";
import { buildServerAddon } from "./lib/companion.mjs";
import { build } from "./lib/paths.mjs";
import { compileHostTests } from "./lib/program.mjs";
import { hasProgram, passSignals } from "./lib/run.mjs";
import { setUp } from "./lib/setup.mjs";

const words = process.argv.slice(2);
setUp();
compileHostTests();
buildServerAddon();
if (!words.some((word) => /^--(cert|key)\b/.test(word)) && hasProgram("openssl")) {
	const folder = makeCertificates(`${build}/certificates`);
	words.push("--cert", `${folder}/server.pem`, "--key", `${folder}/server.key`);
	if (await hasHttps())
		process.stderr.write(`https: a certificate for localhost, signed by ${relative(process.cwd(), folder)}/ca.pem\n`);
}
const server = spawn(process.execPath, [`${build}/js/host-tests/server/serve-image.js`, ...words], {
	stdio: "inherit",
});
passSignals(server);
server.on("exit", (status) => process.exit(status ?? 1));

/** False also where the words are no good: the server says what is wrong with them. */
async function hasHttps() {
	const { parseServeImage } = await import(`${build}/js/host-tests/server/serve-image-options.js`);
	try {
		return parseServeImage(words)?.https !== undefined;
	} catch {
		return false;
	}
}
