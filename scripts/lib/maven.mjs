// Java libraries from Maven Central, by Maven's own resolver and settings: the versions are pinned where they are asked
// for, the checksum of every file in a list beside.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { ensurePrograms } from "./packages.mjs";

const PLUGIN = "org.apache.maven.plugins:maven-dependency-plugin:2.8";
/** What Maven says where it could not speak to the repository at all. */
const UNREACHABLE =
	/(Unknown host|UnknownHostException|Connection refused|Connect to \S+ .*failed|Connection reset|timed? ?out|No route to host|Network is unreachable|Temporary failure in name resolution|offline mode|status code: 5\d\d|\b50[234]\b)[^\n]*/i;

/** Maven Central cannot be reached: the message says why in one line. */
export class Unreachable extends Error {}

/** The compiler, the machine and Maven. */
export function ensureJava() {
	ensurePrograms({ mvn: "maven", javac: "default-jdk-headless", java: "default-jre-headless" });
}

/**
 * Fetches libraries with all that they need, once.
 * @param folder where they go
 * @param coordinates `group:artifact:version` each
 * @param checksums SHA-256 of every file by its name
 * @throws Unreachable where Maven Central is not to be had
 * @throws Error where something is missing there, or is not what it was
 */
export function fetchJars(folder, coordinates, checksums) {
	if (isComplete(folder, checksums)) return;
	rmSync(folder, { recursive: true, force: true });
	mkdirSync(folder, { recursive: true });
	const pom = `${folder}/pom.xml`;
	writeFileSync(pom, pomOf(coordinates));
	const words = ["-B", "-q", "-f", pom, `${PLUGIN}:copy-dependencies`, `-DoutputDirectory=${folder}`];
	// twice: a connection may break in the middle of so many files
	for (let isLast = false; ; isLast = true) {
		const { status, stdout, stderr } = spawnSync("mvn", words, { encoding: "utf8" });
		if (status === 0) break;
		const said = `${stdout}${stderr}`;
		if (!isLast) continue;
		const reason = UNREACHABLE.exec(said);
		if (reason) throw new Unreachable(`Maven Central cannot be reached: ${reason[0].slice(0, 200)}`);
		throw new Error(`mvn: ${said.split("\n").find((line) => line.startsWith("[ERROR]")) ?? said}`);
	}
	const wrong = differences(folder, checksums);
	if (wrong.length > 0) throw new Error(`the checksum is wrong: ${wrong.join(", ")}`);
}

/** Compiles Java sources against the libraries of a folder. */
export function compileJava(sources, libraries, folder) {
	mkdirSync(folder, { recursive: true });
	const { status, stderr } = spawnSync("javac", ["-d", folder, "-cp", `${libraries}/*`, ...sources], {
		encoding: "utf8",
	});
	if (status !== 0) throw new Error(`javac: ${stderr}`);
}

/** @returns the lines `SHA-256  name` of a list as an object by name */
export function readChecksums(file) {
	const lines = readFileSync(file, "utf8").split("\n").filter(Boolean);
	return Object.fromEntries(lines.map((line) => line.split("  ").reverse()));
}

function isComplete(folder, checksums) {
	return existsSync(folder) && differences(folder, checksums).length === 0;
}

/** Names of files that are missing, too many, or not what they were. */
function differences(folder, checksums) {
	const jars = readdirSync(folder).filter((name) => name.endsWith(".jar"));
	const missing = Object.keys(checksums).filter((name) => !jars.includes(name));
	const sha256 = (name) =>
		createHash("sha256")
			.update(readFileSync(`${folder}/${name}`))
			.digest("hex");
	return [...missing, ...jars.filter((name) => sha256(name) !== checksums[name])];
}

function pomOf(coordinates) {
	const dependencies = coordinates.map((one) => {
		const [group, artifact, version] = one.split(":");
		return `<dependency><groupId>${group}</groupId><artifactId>${artifact}</artifactId><version>${version}</version></dependency>`;
	});
	return `<project><modelVersion>4.0.0</modelVersion><groupId>peers</groupId><artifactId>peers</artifactId><version>1</version>
<dependencies>${dependencies.join("\n")}</dependencies></project>
`;
}
