// The DTLS core as a Node addon, for the companion server and for unit tests: node scripts/lib/build-addon.mjs. The plain C
// compiler and npm's node-api-headers are all it takes; the result is build/dtls/dtls.node.
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { compileAll, link } from "./compile.mjs";
import { buildMbedtls, CORE_SOURCES } from "./mbedtls.mjs";
import { build, root } from "./paths.mjs";

const OWN_SOURCES = ["addon.c", "addon-objects.c", "addon-queries.c"].map((name) =>
	join(root, "host-tests/server/dtls", name),
);

/** @returns the path of the addon */
export async function buildAddon() {
	const { compiler, flags, library } = await buildMbedtls("host");
	const headers = createRequire(import.meta.url)("node-api-headers").include_dir;
	const warnings = ["-std=c11", "-Wall", "-Wextra", "-DNAPI_VERSION=8"];
	const objects = await compileAll({
		compiler,
		flags: [...flags, ...warnings, `-I${join(root, "src/security")}`, `-isystem${headers}`],
		sources: [...CORE_SOURCES, ...OWN_SOURCES],
		directory: join(build, "dtls/addon"),
	});
	const output = join(build, "dtls/dtls.node");
	// Mbed TLS stays inside: Node has an OpenSSL, and other addons may have theirs
	link(compiler, output, [...objects, library], ["-shared", "-Wl,--gc-sections", "-Wl,--exclude-libs,ALL"]);
	return output;
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href)
	buildAddon().then(
		(path) => console.log(path),
		(error) => {
			console.error(error.message);
			process.exitCode = 1;
		},
	);
