// The C that goes into an ESP32's firmware, compiled with the headers of an ESP-IDF ($IDF_PATH): for the ESP32-C3, with the folders
// that the Moddable SDK gives its compiler, the flags of platforms/esp32/manifest.json and the configuration that ESP-IDF's
// own kconfgen makes of the SDK's defaults and ours. Nothing is linked.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { vendorHeaders } from "../../host-tests/boards/vendor.mjs";
import { root } from "./paths.mjs";
import { hasProgram } from "./run.mjs";
import { xsFolder } from "./xs.mjs";

const TARGET = "esp32c3";
const ARCHITECTURE = "riscv";
const OURS = `${root}/platforms/esp32/sdkconfig/sdkconfig.defaults`;
const SOURCES = ["platforms/esp32", "platforms/sdk", "src/native", "src/security", "src/fota"];
const WARNINGS = ["-std=gnu17", "-Wall", "-Wextra", "-Werror", "-fsyntax-only"];
/** Espressif's compiler, or Debian's with newlib's headers, in which what Espressif's newlib has of POSIX is to be switched on. */
const COMPILERS = [
	["riscv32-esp-elf-gcc", []],
	["riscv64-unknown-elf-gcc", ["-isystem", "/usr/include/newlib", "-D_POSIX_THREADS=1", "-D_POSIX_TIMERS=1"]],
];

/**
 * @param idf folder of ESP-IDF; @param sdk folder of the Moddable SDK; @param out where files are put
 * @param count takes a title, whether it is so, and what went wrong
 */
export function compileWithIdf(idf, sdk, out, count) {
	const compiler = COMPILERS.find(([name]) => hasProgram(name));
	const python = process.env.IDF_PYTHON_ENV_PATH ? `${process.env.IDF_PYTHON_ENV_PATH}/bin/python` : "python3";
	const hasKconfgen = spawnSync(python, ["-c", "import kconfgen"]).status === 0;
	if (!compiler || !hasKconfgen) {
		const missing = compiler
			? `the Python package esp-idf-kconfig for ${python}`
			: COMPILERS.map(([name]) => name).join(" or ");
		console.log(`${missing} is missing: nothing is compiled with the headers of ESP-IDF`);
		return;
	}
	mkdirSync(out, { recursive: true });
	const problems = configure(idf, sdk, out, python);
	count(
		"ESP-IDF: its configuration is what platforms/esp32/sdkconfig says",
		problems.length === 0,
		problems.join("\n"),
	);
	if (!existsSync(`${out}/sdkconfig.h`)) return;
	writeFileSync(`${out}/xsHost.h`, `${vendorHeaders["xsHost.h"]}\n`);
	const words = [...compiler[1], ...WARNINGS, ...flags(idf, sdk, out)];
	const files = SOURCES.flatMap((folder) => readdirSync(`${root}/${folder}`).map((name) => `${folder}/${name}`));
	const faults = [];
	for (const file of files.filter((name) => name.endsWith(".c"))) {
		const { status, stderr } = spawnSync(compiler[0], [...words, `${root}/${file}`], { encoding: "utf8" });
		if (status !== 0) faults.push(stderr);
	}
	count(
		`ESP-IDF: the C for ${TARGET} compiles with its headers without a warning`,
		faults.length === 0,
		faults.join(""),
	);
}

/** Makes sdkconfig.h. @returns what of our settings has not come about, a line each; a name that this version has not is told */
function configure(idf, sdk, out, python) {
	const components = readdirSync(`${idf}/components`).map((name) => `${idf}/components/${name}`);
	const sources = (name) =>
		components
			.filter((folder) => existsSync(`${folder}/${name}`))
			.map((folder) => `source "${folder}/${name}"\n`)
			.join("");
	const renames = components.map((folder) => `${folder}/sdkconfig.rename`).filter((file) => existsSync(file));
	const inputs = {
		kconfigs: sources("Kconfig"),
		projects: sources("Kconfig.projbuild"),
		renames: renames.map((file) => readFileSync(file, "utf8")).join("\n"),
		defaults: [`${sdk}/build/devices/esp32/xsProj-${TARGET}/sdkconfig.defaults`, OURS]
			.map((file) => readFileSync(file, "utf8"))
			.join("\n"),
		none: "",
		sdkconfig: "",
	};
	for (const [name, text] of Object.entries(inputs)) writeFileSync(`${out}/${name}`, text);
	const env = {
		...process.env,
		IDF_PATH: idf,
		IDF_TARGET: TARGET,
		IDF_TOOLCHAIN: "gcc",
		IDF_ENV_FPGA: "",
		IDF_CI_BUILD: "",
		IDF_INIT_VERSION: "",
		IDF_MINIMAL_BUILD: "n",
		COMPONENT_KCONFIGS_SOURCE_FILE: `${out}/kconfigs`,
		COMPONENT_KCONFIGS_PROJBUILD_SOURCE_FILE: `${out}/projects`,
		COMPONENT_KCONFIGS_EXCLUDED_SOURCE_FILE: `${out}/none`,
		COMPONENT_KCONFIGS_PROJBUILD_EXCLUDED_SOURCE_FILE: `${out}/none`,
	};
	const words = ["-m", "kconfgen", "--list-separator=semicolon", "--kconfig", `${idf}/Kconfig`];
	words.push("--sdkconfig-rename", `${out}/renames`, "--config", `${out}/sdkconfig`, "--defaults", `${out}/defaults`);
	words.push("--output", "header", `${out}/sdkconfig.h`, "--output", "config", `${out}/sdkconfig`);
	const { status, stdout, stderr } = spawnSync(python, words, { env, encoding: "utf8", maxBuffer: 1 << 26 });
	if (status !== 0) return [`kconfgen: ${stdout}${stderr}`];
	const made = readFileSync(`${out}/sdkconfig`, "utf8");
	const problems = [];
	for (const [, name, wanted] of readFileSync(OURS, "utf8").matchAll(/^(CONFIG_\w+)=(.*)$/gm)) {
		const value =
			new RegExp(`^${name}=(.*)$`, "m").exec(made)?.[1] ?? (made.includes(`# ${name} is not set`) ? "n" : undefined);
		if (value === undefined) console.log(`${name}: this ESP-IDF has no such name`);
		else if (value !== wanted) problems.push(`${name}: ${wanted} is set, it has become ${value}`);
	}
	return problems;
}

/** What the SDK's makefile gives the compiler, as far as it has to do with headers. */
function flags(idf, sdk, out) {
	const makefile = readFileSync(`${sdk}/tools/mcconfig/make.esp32.mk`, "utf8");
	const expand = (text) =>
		text.replaceAll("$(IDF_PATH)", idf).replaceAll("$(ESP32_SUBCLASS)", TARGET).replaceAll("$(ESP_ARCH)", ARCHITECTURE);
	const folders = [...makefile.matchAll(/^\s*(\$\(IDF_PATH\)\/components\S*)/gm)].map(([, folder]) => expand(folder));
	const { build } = JSON.parse(readFileSync(`${root}/platforms/esp32/manifest.json`, "utf8"));
	// the headers of others are no business of ours: their folders are the system's
	const own = expand(build.C_FLAGS_SUBPLATFORM.replaceAll('\\"', '"'))
		.split(/\s+/)
		.flatMap((word) => (word.startsWith("-I") ? ["-isystem", word.slice(2)] : [word]));
	const xs = xsFolder();
	return [
		"-march=rv32imc_zicsr_zifencei",
		"-mabi=ilp32",
		"-D_GNU_SOURCE",
		"-DESP_PLATFORM",
		'-DIDF_VER=""',
		"-DINCLUDE_XSPLATFORM",
		'-DXSPLATFORM="engine.h"',
		`-I${out}`,
		`-I${root}/platforms/xs`,
		`-I${root}/platforms/esp32`,
		...folders.filter((folder) => existsSync(folder)).flatMap((folder) => ["-isystem", folder]),
		...own,
		...["includes", "sources", "platforms"].flatMap((folder) => ["-isystem", `${xs}/${folder}`]),
	];
}
