// Servers of Eclipse Leshan for tests: its libraries from Maven Central, and programs of ours around them
// (host-tests/interop/leshan).
import { compileJava, ensureJava, fetchJars, readChecksums } from "./maven.mjs";
import { build, root } from "./paths.mjs";

const folder = `${root}/host-tests/interop/leshan`;
const group = "org.eclipse.leshan";

/** The newest of each generation that is in Maven Central, by what it is used for; the last generation with a bootstrap server there is M15. */
export const SERVERS = {
	server: {
		version: "2.0.0-M18",
		artifacts: ["leshan-lwm2m-server", "leshan-tl-cf-server-coap"],
		sources: ["Lines", "Nodes", "Server2"],
	},
	bootstrap: { version: "2.0.0-M15", artifacts: ["leshan-server-cf"], sources: ["Lines", "Bootstrap2"] },
	stable: { version: "1.5.0", artifacts: ["leshan-server-cf"], sources: ["Lines", "Server1"] },
};

/**
 * Fetches and compiles what is missing into build/leshan: for each of SERVERS a folder with `jars` and `classes`.
 * @throws Unreachable where Maven Central is not to be had
 */
export function buildLeshan() {
	ensureJava();
	for (const [name, { version, artifacts, sources }] of Object.entries(SERVERS)) {
		const jars = `${build}/leshan/${name}/jars`;
		const coordinates = artifacts.map((artifact) => `${group}:${artifact}:${version}`);
		fetchJars(jars, coordinates, readChecksums(`${folder}/${name}.sha256`));
		compileJava(
			sources.map((source) => `${folder}/${source}.java`),
			jars,
			`${build}/leshan/${name}/classes`,
		);
	}
}
