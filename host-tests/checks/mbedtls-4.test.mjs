// An installation of Mbed TLS 4 is recognised, taken apart once, and refused where it was not built with our configuration.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { after, test } from "node:test";
import { installation4, unpack4 } from "../../scripts/lib/mbedtls-4.mjs";

const CONFIGURED = ["mbedtls_psa_external_get_random", "mbedtls_ssl_conf_dtls_cookies", "mbedtls_ssl_context_save"];
const given = process.env.MBEDTLS_DIR;
const folder = mkdtempSync(join(tmpdir(), "mbedtls-4-"));
after(() => {
	if (given === undefined) delete process.env.MBEDTLS_DIR;
	else process.env.MBEDTLS_DIR = given;
	rmSync(folder, { recursive: true });
});

/** Makes an installation whose library has these functions; without, there is no library. */
function install(name, version, functions) {
	const root = join(folder, name);
	mkdirSync(join(root, "include/mbedtls"), { recursive: true });
	writeFileSync(join(root, "include/mbedtls/build_info.h"), `#define MBEDTLS_VERSION_MAJOR         ${version}\n`);
	if (!functions) return root;
	mkdirSync(join(root, "lib"));
	writeFileSync(join(root, "tls.c"), functions.map((each) => `void ${each}(void) {}\n`).join(""));
	for (const words of [
		["gcc", "-c", "tls.c", "-o", "tls.o"],
		["ar", "rcs", "lib/libmbedtls.a", "tls.o"],
	])
		assert.equal(spawnSync(words[0], words.slice(1), { cwd: root }).status, 0);
	return root;
}

test("$MBEDTLS_DIR is an installation of version 4 by its header", () => {
	process.env.MBEDTLS_DIR = install("four", 4);
	assert.equal(installation4(), join(folder, "four"));
	process.env.MBEDTLS_DIR = install("three", 3);
	assert.equal(installation4(), undefined);
	process.env.MBEDTLS_DIR = folder;
	assert.equal(installation4(), undefined);
	delete process.env.MBEDTLS_DIR;
	assert.equal(installation4(), undefined);
});

test("its libraries are taken apart once, and anew when they are another's", () => {
	const into = join(folder, "objects");
	const objects = unpack4(install("one", 4, CONFIGURED), into);
	assert.deepEqual(
		objects.map((object) => basename(object)),
		["tls.o"],
	);
	const { ino } = statSync(objects[0]);
	assert.equal(statSync(unpack4(join(folder, "one"), into)[0]).ino, ino);
	writeFileSync(join(into, "stale.o"), "");
	assert.equal(unpack4(install("another", 4, CONFIGURED), into).length, 1);
});

test("an installation without libraries, or with those of another configuration, is refused in one line", () => {
	assert.throws(
		() => unpack4(install("bare", 4), join(folder, "a")),
		/^Error: MBEDTLS_DIR: no static libraries in \S+bare\/lib$/,
	);
	assert.throws(
		() => unpack4(install("foreign", 4, CONFIGURED.slice(1)), join(folder, "b")),
		/^Error: MBEDTLS_DIR: the libraries in \S+foreign\/lib lack mbedtls_psa_external_get_random; they are to be built with src\/security\/mbedtls-config\.h and mbedtls-crypto-4\.h, and DTLS_SERVER=1$/,
	);
});
