// The prepared machine of a program: the engine's own objects and the preloaded modules, as read-only data that a board
// reads and runs in place. Made by platforms/xs/rom, a 32-bit program, because a slot there is one of the board's.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { isNewer } from "./compile.mjs";
import { ensurePackages } from "./packages.mjs";
import { build } from "./paths.mjs";
import { nativeNames, writeIfNew } from "./program.mjs";
import { fail, run, succeeds } from "./run.mjs";
import { xsFolder } from "./xs.mjs";

const out = `${build}/rom`;

/**
 * Writes rom.S, rom.h and the rest of the image, rest.bin, beside a program's image.
 * @param folder of the program, as `buildImage` has left it
 * @param image what `buildImage` has returned
 * @param preload ids of modules; those that the image lacks are left out
 */
export function buildRom(folder, { modules, natives }, preload) {
	ensureCompiler();
	mkdirSync(out, { recursive: true });
	writeIfNew(`${folder}/stubs.c`, stubs(nativeNames(natives)));
	run("make", [
		"-s",
		`-j${Math.min(2, cpus().length)}`,
		"-f",
		"platforms/xs/rom/Makefile",
		`XS=${xsFolder()}`,
		`OUT=${out}`,
		`FOLDER=${folder}`,
		`${out}/xsrom`,
	]);
	const inImage = new Set(modules.map(({ id }) => id));
	const ids = preload.filter((id) => inImage.has(id));
	writeIfNew(`${folder}/preload`, `${ids.join("\n")}\n`);
	const results = [`${folder}/rom.S`, `${folder}/rom.h`, `${folder}/rest.bin`];
	const inputs = [`${out}/xsrom`, `${folder}/image.bin`, `${folder}/preload`];
	if (results.every((result) => isNewer(result, inputs))) return;
	const hasVariables = modules.some(({ file }) => /^(export )?(let|var)\b/m.test(readFileSync(file, "utf8")));
	run(`${out}/xsrom`, [`${folder}/image.bin`, ...results, hasVariables ? "variables" : "constants", ...ids]);
}

/** The compiler must be able to make 32-bit programs for this computer. */
function ensureCompiler() {
	const probe = `${out}/probe.c`;
	mkdirSync(out, { recursive: true });
	writeFileSync(probe, "#include <stdint.h>\nint main(void) { return 0; }\n");
	const compiles = () => succeeds("gcc", ["-m32", "-no-pie", "-o", `${out}/probe`, probe]);
	if (compiles()) return;
	if (process.arch !== "x64")
		fail("the firmware's data is made by a 32-bit program: build it on x86-64, where gcc has -m32");
	ensurePackages(["gcc-multilib"]);
	if (!compiles()) fail("gcc -m32 does not work: install the package gcc-multilib");
}

/** A function for each native one of the board, so that it has an address with its name. */
function stubs(names) {
	const bodies = names.map((name) => `void ${name}(void);\nvoid ${name}(void) { nativeCalled("${name}"); }\n`);
	return `extern _Noreturn void nativeCalled(const char* name);\n${bodies.join("")}`;
}
