// A part of npm run bench: what reporting costs on the host, under Node. 100 observed resources with attributes, 1,000
// changes a second of the device's clock, and the growth of the heap over 1,000,000 changes. The limits of config.ts are
// raised for it in a copy. The word on its command line is the number of changes.
import { spawnSync } from "node:child_process";
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));
const RESOURCES = 100;
const CHANGES_PER_SECOND = 1000;
/** Changes for which allocations are counted. */
const ALLOCATING = 20_000;
/** What the engine's own caches and profiles may differ by, bytes. */
const TOLERANCE = 512 * 1024;

if (process.argv[2] === "run") await run(process.argv[3], Number(process.argv[4]));
else start(Number(process.argv[2]));

/** Compiles a copy with room for 100 observations, and runs it in a process that can collect garbage. */
function start(changes) {
	const folder = mkdtempSync(join(tmpdir(), "lwm2m-bench-"));
	try {
		const options = ["-p", root, "--outDir", folder, "--noCheck", "--sourceMap", "false"];
		const compiled = spawnSync(join(root, "node_modules/.bin/tsc"), options, { stdio: "inherit" });
		if (compiled.status !== 0) process.exit(1);
		writeFileSync(join(folder, "package.json"), '{"type":"module"}');
		copyFileSync(join(root, "host-tests/support/report.js"), join(folder, "host-tests/support/report.js"));
		replaceIn(join(folder, "src/config.js"), /(OBSERVATIONS|ATTRIBUTE_SETS) = \d+/g, `$1 = ${RESOURCES}`);
		replaceIn(join(folder, "host-tests/unit/lwm2m-cases.js"), /multiple: 3\b/, `multiple: ${RESOURCES}`);
		const script = fileURLToPath(import.meta.url);
		const result = spawnSync(
			"node",
			["--expose-gc", "--max-semi-space-size=256", script, "run", folder, String(changes)],
			{ stdio: "inherit" },
		);
		process.exitCode = result.status ?? 1;
	} finally {
		rmSync(folder, { recursive: true });
	}
}

function replaceIn(path, pattern, replacement) {
	writeFileSync(path, readFileSync(path, "utf8").replace(pattern, replacement));
}

async function run(folder, changes) {
	const { CaseDevice } = await import(join(folder, "host-tests/unit/lwm2m-cases.js"));
	const device = new CaseDevice();
	const { registry, platform } = device;
	registry.set("/1/0/1", 100_000_000);
	device.register();
	for (let i = 0; i < RESOURCES; i++) {
		const path = `3441/0/40/${i}`;
		registry.set(`/${path}`, 20);
		const threshold = i % 2 === 0 ? ["st=5"] : ["gt=60", "lt=40"];
		const answer = device.attributes(path, ...threshold, "pmin=1");
		const observed = device.observe(path);
		if (answer !== "2.04" || observed.code !== 0x45) throw new Error(`${path}: ${answer}, ${observed.code}`);
	}
	let sent = 0;
	platform.socket.write = () => sent++;
	const drive = (count) => {
		for (let i = 0; i < count; i++) {
			registry.set(`/3441/0/40/${i % RESOURCES}`, ((Math.floor(i / RESOURCES) + i) * 37) % 100);
			platform.advance(1000 / CHANGES_PER_SECOND);
		}
	};
	drive(5000);
	// so few that no garbage is collected meanwhile
	globalThis.gc();
	const young = process.memoryUsage().heapUsed;
	drive(ALLOCATING);
	const allocated = (process.memoryUsage().heapUsed - young) / ALLOCATING;
	sent = 0;
	globalThis.gc();
	const heap = process.memoryUsage().heapUsed;
	const before = process.cpuUsage();
	drive(changes);
	const { user, system } = process.cpuUsage(before);
	globalThis.gc();
	const growth = process.memoryUsage().heapUsed - heap;
	const cpu = (user + system) / 1e6;
	console.log(`${RESOURCES} observed resources with attributes, ${changes} changes at ${CHANGES_PER_SECOND} a second:`);
	console.log(`  CPU time       ${cpu.toFixed(2)} s, ${((cpu / changes) * 1e6).toFixed(2)} us a change`);
	console.log(`  of one core    ${((cpu / (changes / CHANGES_PER_SECOND)) * 100).toFixed(2)} %`);
	console.log(`  notifications  ${sent}`);
	console.log(`  allocated      ${allocated.toFixed(0)} B a change, with those of the platform in memory`);
	console.log(`  heap growth    ${(growth / 1024).toFixed(1)} KiB`);
	if (growth > TOLERANCE) {
		console.error("the heap grows");
		process.exitCode = 1;
	}
}
