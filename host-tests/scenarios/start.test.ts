// `npm start`, the first thing that anybody runs: a server, a registered device, and what to try next.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../../..", import.meta.url));

/** Runs a script with the ports of the companion server free or taken; collects what it prints. */
function start(words: string[]) {
	const child = spawn(process.execPath, ["scripts/start.mjs", ...words], {
		cwd: root,
		stdio: ["ignore", "pipe", "pipe"],
	});
	const it = { child, text: "", exit: once(child, "close") as Promise<[number | null]> };
	for (const stream of [child.stdout, child.stderr])
		stream.setEncoding("utf8").on("data", (part: string) => {
			it.text += part;
		});
	return it;
}

async function until(isSo: () => boolean | Promise<boolean>, what: () => string): Promise<void> {
	for (let i = 0; i < 200; i++) {
		if (await isSo()) return;
		await new Promise((resolve) => setTimeout(resolve, 100));
	}
	assert.fail(what());
}

test("npm start registers a device, names the HTTP API and what to try, and ends with 0 on SIGINT", async () => {
	const it = start([]);
	try {
		await until(
			() => /Registration Done \(EP='lwm2m-xs'\)/.test(it.text),
			() => `no registration:\n${it.text}`,
		);
		const api = /HTTP API: (http:\/\/127\.0\.0\.1:\d+\/api)/.exec(it.text)?.[1];
		assert.ok(api, it.text);
		assert.equal(it.text.match(/^(Try: | {5})\S/gm)?.length, 3);
		const answer = (await (await fetch(`${api}/clients/lwm2m-xs/3/0/0`)).json()) as {
			status: string;
			content: { value: string };
		};
		assert.equal(answer.status, "CONTENT(205)");
		assert.equal(answer.content.value, "lwm2m-xs");
		it.child.kill("SIGINT");
		assert.deepEqual((await it.exit)[0], 0);
		assert.match(it.text, /Deregistration success/);
	} finally {
		it.child.kill("SIGKILL");
	}
});

test("npm start with a port that is taken says which, with one line", async () => {
	const taken = createServer().listen(8080, "127.0.0.1");
	await once(taken, "listening");
	const it = start([]);
	try {
		const [status] = await it.exit;
		assert.equal(status, 1);
		assert.match(it.text, /8080/);
	} finally {
		it.child.kill("SIGKILL");
		taken.close();
	}
});
