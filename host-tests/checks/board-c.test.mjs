// The C of the Moddable SDK lane compiles without a warning: for Linux and, where their compilers are installed, Cortex-M4 and RISC-V.
// The vendors' headers are stood in for by declarations (host-tests/boards), XS's are those of the engine in use here.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, test } from "node:test";
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
const targets = [
	["Linux", "gcc", [], `${root}/platforms/linux`],
	["Cortex-M4", "arm-none-eabi-gcc", ["-mcpu=cortex-m4", "-mthumb"], bare],
	["RISC-V", "riscv64-unknown-elf-gcc", ["-march=rv32imc", "-mabi=ilp32", "--specs=picolibc.specs"], bare],
].filter(([, compiler]) => hasProgram(compiler));

for (const [target, compiler, flags, posix] of targets)
	for (const folder of ["sdk", "esp32", "zephyr"])
		test(`platforms/${folder} compiles without a warning for ${target}`, () => {
			for (const name of readdirSync(`${root}/platforms/${folder}`).filter((file) => file.endsWith(".c"))) {
				const words = [...common, ...flags, ...includes(posix, `${root}/platforms/xs`, stubs), ...xsIncludes];
				const { status, stderr } = spawnSync(compiler, [...words, `${root}/platforms/${folder}/${name}`], {
					encoding: "utf8",
				});
				assert.equal(status, 0, stderr);
			}
		});

test("no vendor's header is included outside its own platform folder", () => {
	const VENDOR = /^#include\s+[<"](esp_|zephyr\/|freertos\/|driver\/|nrf)/m;
	for (const folder of ["src", "platforms/sdk", "platforms/linux", "platforms/xs", "platforms/host", "platforms/qemu"])
		for (const name of readdirSync(`${root}/${folder}`, { recursive: true }).filter((file) => /\.[ch]$/.test(file)))
			assert.doesNotMatch(readFileSync(`${root}/${folder}/${name}`, "utf8"), VENDOR, `${folder}/${name}`);
});
