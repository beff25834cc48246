// Programs that tests start: none of them outlives its test file, however that ends, and none keeps it from ending. Node only.
import type { ChildProcess } from "node:child_process";
import { after } from "node:test";

/** How long a file may go on after its last test, until what it has forgotten to close ends it as a failure. */
const PATIENCE_MS = 10_000;
const running = new Set<ChildProcess>();

/** Ends the child with the test file, if the test does not. @returns the child */
export function endWithTests<C extends ChildProcess>(child: C): C {
	running.add(child);
	child.once("exit", () => running.delete(child));
	return child;
}

function endAll(): void {
	for (const child of running) child.kill("SIGKILL");
}

process.on("exit", endAll);
// what the test runner does to a file that takes too long, and Ctrl-C
for (const [signal, status] of [
	["SIGTERM", 143],
	["SIGINT", 130],
] as const)
	process.once(signal, () => process.exit(status));

// a benchmark uses the same classes, and has no tests whose end could be waited for
if (/\.test\.m?js$/.test(process.argv[1] ?? ""))
	after(() => {
		endAll();
		setTimeout(() => {
			process.stderr.write(`left open after the last test: ${process.getActiveResourcesInfo().join(", ")}\n`);
			process.exit(1);
		}, PATIENCE_MS).unref();
	});
