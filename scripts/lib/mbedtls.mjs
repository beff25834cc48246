// Mbed TLS from source: node scripts/lib/mbedtls.mjs [target …] fetches the pinned release and builds the part of it that
// src/security/mbedtls-config.h asks for into build/mbedtls/<target>/libmbedtls.a. Nothing is done twice.
//
// The sources come from $MBEDTLS_DIR (an unpacked tree of 3.6, taken as it is), build/cache, the project's release on GitHub
// or the machine's own Debian mirror, in this order; the archive's checksum is pinned. Where $MBEDTLS_DIR is an installation
// of version 4 (mbedtls-4.mjs), that takes the library's place on the host.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { archive, compileAll } from "./compile.mjs";
import { FLAGS_4, installation4, unpack4 } from "./mbedtls-4.mjs";
import { root } from "./paths.mjs";
import { run } from "./run.mjs";

const VERSION = "3.6.6";
const SHA256 = "8fb65fae8dcae5840f793c0a334860a411f884cc537ea290ce1c52bb64ca007a";
const RELEASE = `https://github.com/Mbed-TLS/mbedtls/releases/download/mbedtls-${VERSION}/mbedtls-${VERSION}.tar.bz2`;
const POOL_FILE = `pool/main/m/mbedtls/mbedtls_${VERSION}.orig.tar.bz2`;
const DOWNLOAD_MS = 20_000;

const CONFIG = join(root, "src/security/mbedtls-config.h");

/** Library sources that the configuration can need; the linker leaves out what is not used. */
const MODULES = [
	...["aes", "aesni", "aesce", "asn1parse", "asn1write", "base64", "bignum", "bignum_core", "bignum_mod"],
	...["bignum_mod_raw", "block_cipher", "ccm", "cipher", "cipher_wrap", "constant_time", "ecdh", "ecdsa", "ecp"],
	...["ecp_curves", "ecp_curves_new", "gcm", "hmac_drbg", "md", "oid", "pem", "pk", "pk_ecc", "pk_wrap", "pkparse"],
	...["platform", "platform_util", "sha256", "sha512", "ssl_ciphersuites", "ssl_client", "ssl_msg", "ssl_tls"],
	...["ssl_tls12_client", "ssl_tls12_server", "x509", "x509_crt"],
];

const SANITIZE = ["-fsanitize=address,undefined", "-fno-sanitize-recover=undefined", "-fno-omit-frame-pointer"];
const SECTIONS = ["-ffunction-sections", "-fdata-sections"];
const CORTEX_M4 = ["-mcpu=cortex-m4", "-mthumb", "-mfloat-abi=hard", "-mfpu=fpv4-sp-d16"];

/** The compiler and its flags, for the library and for the C files of ours that include its headers. */
const TARGETS = {
	host: { prefix: "", flags: ["-O2", "-g", "-fPIC", "-fvisibility=hidden", ...SECTIONS, "-DDTLS_SERVER=1"] },
	"host-asan": { prefix: "", flags: ["-O1", "-g", ...SECTIONS, ...SANITIZE, "-DDTLS_SERVER=1"] },
	"cortex-m4": { prefix: "arm-none-eabi-", flags: ["-Os", "-g", ...CORTEX_M4, ...SECTIONS] },
	"cortex-m4-psk": {
		prefix: "arm-none-eabi-",
		flags: [
			"-Os",
			"-g",
			...CORTEX_M4,
			...SECTIONS,
			"-DDTLS_X509=0",
			"-DDTLS_CBC=0",
			"-DDTLS_GCM=0",
			"-DFIRMWARE_SIGNATURE=0",
		],
	},
};

/** The sources of our own core, for whoever links it with the library. */
export const CORE_SOURCES = [
	"src/security/dtls-core.c",
	"src/security/dtls-create.c",
	"src/security/dtls-credentials.c",
	"src/security/dtls-certificate.c",
	"src/security/dtls-cookie.c",
	"src/security/dtls-crypto-3.c",
	"src/security/dtls-crypto-4.c",
	"src/security/dtls-errors.c",
	"src/security/dtls-query.c",
	"src/security/dtls-queue.c",
	"src/security/dtls-state.c",
	"src/fota/verifier-core.c",
	"src/fota/verifier-check-3.c",
	"src/fota/verifier-check-4.c",
].map((path) => join(root, path));

/**
 * Fetches and builds.
 * @returns what is needed to compile against it: compiler, prefix of its tools, flags, library, its objects, sources
 */
export async function buildMbedtls(targetName) {
	const target = TARGETS[targetName];
	if (!target) throw new Error(`mbedtls: no target "${targetName}"; there are ${Object.keys(TARGETS).join(", ")}`);
	if (installation4() && target.prefix)
		throw new Error(`mbedtls: $MBEDTLS_DIR is of version 4, which is for the host only`);
	const directory = join(root, "build/mbedtls", targetName);
	const compiler = target.prefix ? `${target.prefix}gcc` : (process.env.CC ?? "cc");
	const flags = [...target.flags, ...includeFlags().map((flag) => flag.replace(/^-isystem/, "-I"))];
	const library = join(directory, "libmbedtls.a");
	const objects = installation4()
		? unpack4(installation4(), join(directory, "4"))
		: await compileModules(compiler, flags, directory);
	archive(target.prefix ? `${target.prefix}ar` : "ar", library, objects);
	return { compiler, prefix: target.prefix, flags, library, objects };
}

function compileModules(compiler, flags, directory) {
	// it compares names of no bytes at no address, which every C library allows
	const ownFlags = flags.includes("-fsanitize=address,undefined") ? ["-fno-sanitize=nonnull-attribute"] : [];
	const folder = join(fetchMbedtls(), "library");
	return compileAll({
		compiler,
		flags: [...flags, ...ownFlags, `-I${folder}`],
		sources: MODULES.map((module) => join(folder, `${module}.c`)),
		directory,
	});
}

/** @returns the compiler's flags for what includes the library's headers, on any machine */
export function includeFlags() {
	const folder = installation4() ?? fetchMbedtls();
	return [
		`-isystem${join(folder, "include")}`,
		`-I${dirname(CONFIG)}`,
		"-DMBEDTLS_CONFIG_FILE=<mbedtls-config.h>",
		...(installation4() ? FLAGS_4 : []),
	];
}

/** @returns the directory of the unpacked sources */
function fetchMbedtls() {
	const given = process.env.MBEDTLS_DIR;
	if (!given) return fetchRelease().directory;
	if (!existsSync(join(given, "library/ssl_tls.c")) || existsSync(join(given, "tf-psa-crypto")))
		throw new Error(`MBEDTLS_DIR: neither sources of Mbed TLS 3.6 nor an installation of 4 in ${given}`);
	return given;
}

/** @returns the pinned release: the archive, and the directory where it is unpacked */
export function fetchRelease() {
	const cache = join(root, "build/cache");
	const directory = join(cache, `mbedtls-${VERSION}`);
	const stamp = join(directory, ".unpacked");
	const file = join(cache, `mbedtls-${VERSION}.tar.bz2`);
	if (existsSync(stamp)) return { file, directory };
	mkdirSync(cache, { recursive: true });
	if (!isIntact(file)) download(file);
	rmSync(directory, { recursive: true, force: true });
	run("tar", ["-xf", file, "-C", cache]);
	writeFileSync(stamp, `${SHA256}\n`);
	return { file, directory };
}

function isIntact(file) {
	return existsSync(file) && createHash("sha256").update(readFileSync(file)).digest("hex") === SHA256;
}

/** Tries one source after the other; the file appears under its name only when its checksum is right. */
function download(file) {
	const part = `${file}.part`;
	const problems = [];
	for (const { name, command, args } of downloads(part)) {
		rmSync(part, { force: true });
		const { status, error, stderr } = spawnSync(command, args, { encoding: "utf8", timeout: DOWNLOAD_MS * 6 });
		if (status === 0 && isIntact(part)) {
			renameSync(part, file);
			return;
		}
		const what = error?.message ?? (status === 0 ? "the checksum is wrong" : lastLine(stderr));
		problems.push(`${name}: ${what}`);
	}
	rmSync(part, { force: true });
	throw new Error(
		`Mbed TLS ${VERSION} cannot be fetched (${problems.join("; ")}). Put mbedtls-${VERSION}.tar.bz2 into ` +
			"build/cache, or set MBEDTLS_DIR to an unpacked release.",
	);
}

function downloads(part) {
	const seconds = String(DOWNLOAD_MS / 1000);
	// the connection must come up within seconds; a slow one may take its time as long as bytes come
	const curl = ["-sSfL", "--connect-timeout", "5", "--speed-limit", "1", "--speed-time", seconds, "-o", part];
	return [
		{ name: "GitHub", command: "curl", args: [...curl, RELEASE] },
		...mirrors().map((mirror) => ({
			name: "Debian mirror",
			command: "/usr/lib/apt/apt-helper",
			args: ["download-file", `${mirror}${POOL_FILE}`, part, `SHA256:${SHA256}`],
		})),
	];
}

/** The package mirrors that this machine is set up with, without repetition. */
function mirrors() {
	const { stdout } = spawnSync("apt-get", ["indextargets", "--format", "$(REPO_URI)"], { encoding: "utf8" });
	return [...new Set((stdout ?? "").split("\n").filter(Boolean))].map((uri) => (uri.endsWith("/") ? uri : `${uri}/`));
}

function lastLine(text) {
	return text?.trim().split("\n").pop() || "failed";
}

async function main() {
	const names = process.argv.slice(2);
	for (const name of names.length ? names : ["host"]) {
		const { library } = await buildMbedtls(name);
		console.log(`${name}: ${library}`);
	}
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href)
	main().catch((error) => {
		console.error(error.message);
		process.exitCode = 1;
	});
