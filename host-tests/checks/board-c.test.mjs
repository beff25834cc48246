// The C that is the same on every board, and that of the Moddable SDK lane, compiles without a warning: for Linux and, where
// their compilers are installed (in CI they have to be), Cortex-M4 and RISC-V. The vendors' headers are stood in for by
// declarations (host-tests/boards); XS's and Mbed TLS's are those in use here.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, test } from "node:test";
import { CORE_SOURCES, fetchRelease, includeFlags } from "../../scripts/lib/mbedtls.mjs";
import { root } from "../../scripts/lib/paths.mjs";
import { hasProgram } from "../../scripts/lib/run.mjs";
import { xsFolder } from "../../scripts/lib/xs.mjs";
import { vendorHeaders } from "../boards/vendor.mjs";

const stubs = mkdtempSync(join(tmpdir(), "board-c-"));
after(() => rmSync(stubs, { recursive: true }));
for (const [name, text] of Object.entries(vendorHeaders)) {
	mkdirSync(dirname(join(stubs, name)), { recursive: true });
	writeFileSync(join(stubs, name), `${text}\n`);
}

const xs = xsFolder();
const common = [
	"-std=gnu17",
	"-Wall",
	"-Wextra",
	"-Werror",
	"-fsyntax-only",
	"-DINCLUDE_XSPLATFORM",
	'-DXSPLATFORM="engine.h"',
];
const includes = (...folders) => folders.map((folder) => `-I${folder}`);
const xsIncludes = [`-isystem${xs}/includes`, `-isystem${xs}/sources`, `-isystem${xs}/platforms`];
const bare = `${root}/host-tests/boards/bare`;
const all = [
	["Linux", "gcc", [], `${root}/platforms/linux`],
	["Cortex-M4", "arm-none-eabi-gcc", ["-mcpu=cortex-m4", "-mthumb"], bare],
	["RISC-V", "riscv64-unknown-elf-gcc", ["-march=rv32imc", "-mabi=ilp32", "--specs=picolibc.specs"], bare],
];
const targets = all.filter(([, compiler]) => hasProgram(compiler));

/** What is compiled with headers of its own: those that the build of an image generates. */
const GENERATED = ["platforms/xs/defaults.c", "platforms/xs/prepared.c"];
const portable = ["src/native", "src/security", "src/fota", "platforms/xs"]
	.flatMap((folder) => readdirSync(`${root}/${folder}`).map((name) => `${folder}/${name}`))
	.filter((file) => file.endsWith(".c") && !GENERATED.includes(file));
const mbedtls = includeFlags();

test("the machine's own compiler is there, and in CI every one", () => {
	assert.ok(targets.length >= (process.env.CI ? all.length : 1), targets.map(([name]) => name).join());
});

for (const [target, compiler, flags] of targets)
	test(`the C of ${portable.length} files that every board shares compiles without a warning for ${target}`, () => {
		const words = [...common, ...flags, `-I${root}/platforms/xs`, ...xsIncludes, ...mbedtls];
		for (const file of portable) {
			const { status, stderr } = spawnSync(compiler, [...words, `${root}/${file}`], { encoding: "utf8" });
			assert.equal(status, 0, stderr);
		}
	});

for (const [target, compiler, flags, posix] of targets)
	for (const folder of ["sdk", "esp32", "zephyr", ...(target === "Linux" ? ["linux"] : [])])
		test(`platforms/${folder} compiles without a warning for ${target}`, () => {
			for (const name of readdirSync(`${root}/platforms/${folder}`).filter((file) => file.endsWith(".c"))) {
				const words = [...common, ...flags, ...includes(posix, `${root}/platforms/xs`, stubs), ...xsIncludes];
				const { status, stderr } = spawnSync(compiler, [...words, `${root}/platforms/${folder}/${name}`], {
					encoding: "utf8",
				});
				assert.equal(status, 0, stderr);
			}
		});

for (const [target, compiler, flags] of targets)
	test(`Mbed TLS 3.6 as Zephyr configures it takes what DTLS needs on top, without a warning, for ${target}`, () => {
		const { directory: library } = fetchRelease();
		const words = [
			...common,
			...flags,
			...includes(stubs, `${library}/include`, `${library}/library`),
			"-DMBEDTLS_CONFIG_FILE=<config-mbedtls.h>",
			`-DMBEDTLS_USER_CONFIG_FILE="${root}/platforms/zephyr/program/mbedtls-user.h"`,
		];
		const files = ["ecp", "pk", "psa_crypto", "ssl_msg", "ssl_tls", "ssl_tls12_client", "x509_crt"];
		for (const file of [...CORE_SOURCES, ...files.map((name) => `${library}/library/${name}.c`)]) {
			const { status, stderr } = spawnSync(compiler, [...words, file], { encoding: "utf8" });
			assert.equal(status, 0, stderr);
		}
	});

test("a Mbed TLS that is too old gets a line that says which one is wanted", () => {
	const folder = join(stubs, "mbedtls-old/mbedtls");
	mkdirSync(folder, { recursive: true });
	writeFileSync(join(folder, "build_info.h"), "#define MBEDTLS_VERSION_MAJOR 3\n#define MBEDTLS_VERSION_MINOR 5\n");
	const words = [...common, `-I${stubs}/mbedtls-old`, `${root}/src/security/dtls-core.c`, "-DMBEDTLS_CONFIG_FILE"];
	const { status, stderr } = spawnSync("gcc", words, { encoding: "utf8" });
	assert.notEqual(status, 0);
	assert.match(stderr, /^[^\n]*error: #error "DTLS needs Mbed TLS 3\.6 or later"/m);
});

test("no vendor's header is included outside its own platform folder", () => {
	const VENDOR = /^#include\s+[<"](esp_|zephyr\/|freertos\/|driver\/|nrf)/m;
	for (const folder of ["src", "platforms/sdk", "platforms/linux", "platforms/xs", "platforms/host", "platforms/qemu"])
		for (const name of readdirSync(`${root}/${folder}`, { recursive: true }).filter((file) => /\.[ch]$/.test(file)))
			assert.doesNotMatch(readFileSync(`${root}/${folder}/${name}`, "utf8"), VENDOR, `${folder}/${name}`);
});
