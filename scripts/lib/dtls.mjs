// DTLS as one static library: node scripts/lib/dtls.mjs [target …] makes build/dtls/<target>/libdtls.a of our core and of
// Mbed TLS, for the targets of mbedtls.mjs. What includes src/security/dtls-core.h needs nothing else; the native class
// (src/native/dtls.c) is compiled with -DMBEDTLS_CONFIG_FILE to have it.
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { archive, compileAll } from "./compile.mjs";
import { buildMbedtls, CORE_SOURCES } from "./mbedtls.mjs";
import { build } from "./paths.mjs";

/** @returns the library's path */
export async function buildDtls(target) {
	const { compiler, prefix, flags, objects } = await buildMbedtls(target);
	const core = await compileAll({
		compiler,
		flags: [...flags, "-std=c11", "-Wall", "-Wextra"],
		sources: CORE_SOURCES,
		directory: join(build, "dtls", target, "core"),
	});
	const library = join(build, "dtls", target, "libdtls.a");
	archive(`${prefix}ar`, library, [...core, ...objects]);
	return library;
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
	const targets = process.argv.slice(2);
	try {
		for (const target of targets.length ? targets : ["host"]) console.log(await buildDtls(target));
	} catch (error) {
		console.error(error.message);
		process.exitCode = 1;
	}
}
