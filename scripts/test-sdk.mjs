// npm run test:sdk: the lane of the Moddable SDK, with the SDK that $MODDABLE names; without one it says so and is no fault.
// Linux: built, and run against the companion server (host-tests/sdk, and scenarios of the simulated device); then it says
// what RAM it takes. ESP32s: generated, type-checked and linked by xsl, which finds what cannot be preloaded. All: every
// module of ours is preloaded. The C for ESP32 is compiled with the headers of the ESP-IDF that $IDF_PATH names. Zephyr:
// generated, and its platform type-checked. Compiling for boards needs the vendors' tools, which are named where they are
// missing. Ends with `N passed, N failed`.
import { spawn, spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, delimiter, join } from "node:path";
import { readCommandLine } from "./lib/command-line.mjs";
import { buildServerAddon, FREE_PORTS, startServerApart } from "./lib/companion.mjs";
import { compileWithIdf } from "./lib/idf-headers.mjs";
import { build, root } from "./lib/paths.mjs";
import { compileHostTests } from "./lib/program.mjs";
import { hasProgram } from "./lib/run.mjs";
import { setUp } from "./lib/setup.mjs";

const ESP32S = ["esp32", "esp32/esp32s3", "esp32/esp32c3", "esp32/esp32c6"];
const ZEPHYRS = ["zephyr/nrf52840dk", `zephyr:${root}/platforms/zephyr/nrf9160dk`];
/** The ESP-IDF that a stub says it is, so that the SDK goes as far as it can without one. */
const IDF_VERSION = "v6.0";
const PATIENCE_MS = 20_000;
const DEVICE_TREE =
	'declare module "embedded:provider/builtin" {\n\tconst device: object;\n\texport default device;\n}\n';
/** A slot of the engine on a 32-bit board, and what the heap may hold there when the device has registered. */
const SLOT_BYTES = 16;
const RAM_BYTES = 58_000;
/** In a generated makefile: what the linker links, and what it preloads. */
const OURS = /(?<=\$[({]MODULES_DIR[)}]\/)(?:src|objects|platforms)\/[^\s:]+\.xsb/g;
const PRELOAD = /-p (\S+?\.xsb)/g;
/** Keys of the config as mcconfig's command line has them: one whose effect is seen on Linux, and all of a board's owner. */
const BUILT_IN = ["lifetime=4321"];
const OWNER = {
	endpoint: "sensor-7",
	server: "coaps://192.0.2.1",
	bootstrap: "coaps://192.0.2.2:5784",
	pskIdentity: "me",
	pskKey: "0011",
	lifetime: "60",
	firmwareCa: "MIIBszCCAVmgAwIBAgIUQ+/8==",
	noDowngrade: "true",
	ssid: "lab",
	password: "secret",
};
/** Of host-tests/scenarios, those that advance no clock and want no other objects. */
const SCENARIOS = ["operations", "security", "certificates", "shell-pipe"];

readCommandLine({
	name: "test:sdk",
	about: "The lane of the Moddable SDK that $MODDABLE names, as far as the vendors' tools allow.",
});
const out = `${build}/sdk`;
const sdk = process.env.MODDABLE;
let passed = 0;
let failed = 0;

if (!sdk || !existsSync(`${sdk}/tools/VERSION`)) {
	console.log(
		"test:sdk: skipped: MODDABLE names no Moddable SDK. Without one, `node scripts/check-manifest.mjs` proves that the manifest is whole.",
	);
} else await main();

async function main() {
	const tools = ["release", "debug"]
		.map((kind) => `${sdk}/build/bin/lin/${kind}`)
		.find((path) => existsSync(`${path}/mcconfig`));
	if (!tools) {
		console.log(`test:sdk: ${sdk} has no tools yet: build them first, as the SDK's own documentation says`);
		process.exitCode = 1;
		return;
	}
	setUp();
	mkdirSync(out, { recursive: true });
	const stubs = mkdtempSync(join(tmpdir(), "lwm2m-xs-sdk-"));
	try {
		const env = environment(tools, stubs);
		await linux(env);
		config(env);
		if (process.env.IDF_PATH) compileWithIdf(process.env.IDF_PATH, sdk, `${out}/idf`, count);
		else console.log("IDF_PATH is not set: nothing is compiled with the headers of ESP-IDF");
		for (const platform of ESP32S) esp32(platform, env);
		for (const platform of ZEPHYRS) zephyr(platform, env);
	} finally {
		rmSync(stubs, { recursive: true });
	}
	console.log(`${passed} passed, ${failed} failed`);
	process.exitCode = failed ? 1 : 0;
}

/** The SDK's tools and ours in the path, and stubs of those vendors' tools that are missing. */
function environment(tools, stubs) {
	const env = { ...process.env, PATH: [`${root}/node_modules/.bin`, tools, process.env.PATH, stubs].join(delimiter) };
	for (const name of ["idf.py", "west"]) {
		if (hasProgram(name)) continue;
		console.log(`${name} is missing: nothing is compiled for ${name === "west" ? "Zephyr" : "ESP32"}`);
		writeFileSync(join(stubs, name), "#!/bin/sh\nexit 0\n");
		chmodSync(join(stubs, name), 0o755);
	}
	if (!env.IDF_PATH) {
		env.IDF_PATH = join(stubs, "idf");
		mkdirSync(env.IDF_PATH);
		for (const words of [
			["init", "-q"],
			["commit", "-q", "--allow-empty", "-m", "stub"],
			["tag", "-a", IDF_VERSION, "-m", "stub"],
		])
			spawnSync("git", ["-c", "user.name=stub", "-c", "user.email=stub@localhost", ...words], { cwd: env.IDF_PATH });
	}
	env.ZEPHYR_BASE ??= stubs;
	return env;
}

async function linux(env) {
	if (!run("linux: built", "mcconfig", ["-m", "-p", "x-cli-lin", "-t", "build", "-o", out, ...BUILT_IN], env)) return;
	preloaded("linux", `${out}/tmp/lin/release/${basename(root)}/makefile`);
	const program = `${out}/bin/lin/release/${basename(root)}`;
	compileHostTests();
	buildServerAddon();
	const tests = ["sdk/linux", ...SCENARIOS.map((name) => `scenarios/${name}`)];
	const words = ["--test", "--test-reporter=tap", ...tests.map((name) => `${build}/js/host-tests/${name}.test.js`)];
	const { stdout } = spawnSync(process.execPath, words, {
		cwd: root,
		env: { ...env, LWM2M_XS_DEVICE: `sdk:${program}` },
		encoding: "utf8",
		maxBuffer: 1 << 26,
	});
	const [good, bad] = ["pass", "fail"].map((name) => Number(new RegExp(`^# ${name} (\\d+)`, "m").exec(stdout)?.[1]));
	count(
		`linux: run against the companion server, ${good} tests of ${tests.length} files`,
		good > 0 && bad === 0,
		stdout,
	);
	await measure(program);
}

/** Registers with all that a board has, storage, shell and slots for firmware, and asks for what the engine holds then. */
async function measure(program) {
	rmSync(`${out}/storage`, { recursive: true, force: true });
	const { server, coap } = await startServerApart(FREE_PORTS);
	const device = spawn(program, [`server=${coap}`, "shell=pty", `storage=${out}/storage`], {
		stdio: ["ignore", "ignore", "pipe"],
	});
	const log = await new Promise((resolve) => {
		let text = "";
		const timer = setTimeout(() => resolve(text), PATIENCE_MS);
		device.stderr.on("data", (bytes) => {
			const wasRegistered = text.includes("Registration Done");
			text += bytes;
			if (!wasRegistered && text.includes("Registration Done")) device.kill("SIGUSR1");
			if (!/^memory: .*\n/m.test(text)) return;
			clearTimeout(timer);
			resolve(text);
		});
	});
	device.kill("SIGKILL");
	server.removeAllListeners("exit");
	server.kill("SIGTERM");
	const [, slots, chunks] = /^memory: (\d+) slots, .*; (\d+) bytes of chunks/m.exec(log) ?? [];
	const bytes = slots * SLOT_BYTES + Number(chunks);
	count(
		`linux: registered, ${slots} slots and ${chunks} bytes of chunks: ${bytes} of ${RAM_BYTES} bytes on a 32-bit board`,
		bytes <= RAM_BYTES,
		log,
	);
}

/** Every module of ours that is linked is in the list that the linker preloads. */
function preloaded(title, file) {
	const makefile = readFileSync(file, "utf8");
	const modules = new Set(makefile.match(OURS));
	const preloads = new Set([...makefile.matchAll(PRELOAD)].map(([, module]) => module));
	const missing = [...modules].filter((module) => !preloads.has(module));
	count(
		`${title}: ${modules.size} modules of ours are preloaded`,
		modules.size > 0 && missing.length === 0,
		missing.join("\n"),
	);
}

/** The words of mcconfig's command line go into the module that a board's options come from. */
function config(env) {
	const words = Object.entries(OWNER).map(([key, value]) => `${key}=${value}`);
	if (!run("config: generated", "mcconfig", ["-p", "esp32", "-o", out, ...words], env)) return;
	const text = readFileSync(`${out}/tmp/esp32/release/${basename(root)}/mc.config.js`, "utf8");
	const missing = Object.entries(OWNER).filter(([key, value]) => !text.includes(`"${key}": ${JSON.stringify(value)},`));
	count("config: every key of the owner is taken from the command line", missing.length === 0, `${missing}\n${text}`);
}

function esp32(platform, env) {
	if (!run(`${platform}: generated`, "mcconfig", ["-p", platform, "-o", out], env)) return;
	const folder = `${out}/tmp/${platform}/release/${basename(root)}`;
	preloaded(platform, `${folder}/makefile`);
	run(
		`${platform}: type-checked, preloaded and linked`,
		"make",
		["-s", "-f", `${folder}/makefile`, `${folder}/mc.xs.c`],
		env,
	);
}

function zephyr(platform, env) {
	const name = platform.replace(`zephyr:${root}/platforms/zephyr/`, "zephyr/");
	if (!run(`${name}: generated`, "mcconfig", ["-p", platform, "-o", out], env)) return;
	const folder = `${out}/tmp/${name}/release/${basename(root)}`;
	preloaded(name, `${folder}/CMakeLists.txt`);
	const makefile = readFileSync(`${folder}/CMakeLists.txt`, "utf8");
	count(
		`${name}: the build has our part, DTLS and the machine's stack`,
		makefile.includes("mbedtls-user.h") && makefile.includes("LWM2M_XS_STACK"),
		"platforms/zephyr/program is not in the CMakeLists.txt that was generated",
	);
	// west's build makes the board's device tree a module, with its types
	writeFileSync(`${folder}/mc.devicetree.d.ts`, DEVICE_TREE);
	run(
		`${name}: its platform type-checked`,
		"tsc",
		["-p", `${folder}/modules/platforms/zephyr/platform-tsconfig.json`],
		env,
	);
}

/** Runs a command. It fails with its status, or where the linker finds something of ours that cannot be preloaded. */
function run(title, command, words, env) {
	const { status, stdout, stderr } = spawnSync(command, words, {
		cwd: root,
		env,
		encoding: "utf8",
		maxBuffer: 1 << 26,
	});
	const text = `${stdout ?? ""}${stderr ?? ""}`;
	const warnings = text.split("\n").filter((line) => line.startsWith("### warning"));
	const isGood = status === 0 && warnings.length === 0;
	count(title, isGood, warnings.length ? warnings.join("\n") : text);
	return isGood;
}

function count(title, isGood, detail) {
	if (isGood) passed++;
	else failed++;
	console.log(`${isGood ? "ok" : "not ok"} - ${title}`);
	if (!isGood) console.log(detail.split("\n").slice(-20).join("\n"));
}
