// Mbed TLS 4, where $MBEDTLS_DIR names an installation of it: include/, and lib/ with its static libraries, which were built
// for this machine with MBEDTLS_CONFIG_FILE <mbedtls-config.h> and TF_PSA_CRYPTO_CONFIG_FILE <mbedtls-crypto-4.h> of
// src/security and DTLS_SERVER=1. Version 4 is in no registry that the project's own machines reach: it is not built here.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isNewer } from "./compile.mjs";
import { run } from "./run.mjs";

/** What the sources need to see of the configuration, beside the TLS part that both versions have. */
export const FLAGS_4 = ["-DTF_PSA_CRYPTO_CONFIG_FILE=<mbedtls-crypto-4.h>"];

/** @returns $MBEDTLS_DIR where it is of version 4, else undefined */
export function installation4() {
	const folder = process.env.MBEDTLS_DIR;
	const header = folder && join(folder, "include/mbedtls/build_info.h");
	if (!header || !existsSync(header)) return undefined;
	const version = /^#define MBEDTLS_VERSION_MAJOR\s+(\d+)/m.exec(readFileSync(header, "utf8"));
	return Number(version?.[1]) >= 4 ? folder : undefined;
}

/**
 * Takes the libraries apart, once.
 * @param into the folder for the objects
 * @returns the objects' paths
 */
export function unpack4(folder, into) {
	const libraries = existsSync(join(folder, "lib")) ? readdirSync(join(folder, "lib")) : [];
	const archives = libraries.filter((name) => /^lib.*\.a$/.test(name)).map((name) => join(folder, "lib", name));
	if (archives.length === 0) throw new Error(`MBEDTLS_DIR: no static libraries in ${folder}/lib`);
	const stamp = join(into, "unpacked");
	if (!isNewer(stamp, archives) || readFileSync(stamp, "utf8") !== folder) {
		checkConfiguration(folder, archives);
		rmSync(into, { recursive: true, force: true });
		mkdirSync(into, { recursive: true });
		for (const archive of archives) run("ar", ["x", archive], { cwd: into });
		writeFileSync(stamp, folder);
	}
	return readdirSync(into)
		.filter((name) => name.endsWith(".o"))
		.sort()
		.map((name) => join(into, name));
}

/** Another configuration has other structures: what is linked with it would overwrite memory. */
function checkConfiguration(folder, archives) {
	const { stdout } = spawnSync("nm", archives, { encoding: "utf8", maxBuffer: 1 << 26 });
	for (const name of ["mbedtls_psa_external_get_random", "mbedtls_ssl_conf_dtls_cookies", "mbedtls_ssl_context_save"])
		if (!stdout.includes(name))
			throw new Error(
				`MBEDTLS_DIR: the libraries in ${folder}/lib lack ${name}; they are to be built with src/security/mbedtls-config.h ` +
					"and mbedtls-crypto-4.h, and DTLS_SERVER=1",
			);
}
