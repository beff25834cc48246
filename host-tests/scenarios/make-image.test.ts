// scripts/make-image by hand: what it writes, and what it refuses with one line and status 2.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { createHash, generateKeyPairSync, verify } from "node:crypto";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../../..", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "lwm2m-xs-make-"));
after(() => rmSync(folder, { recursive: true }));

function make(...words: string[]) {
	const { status, stdout, stderr } = spawnSync(join(root, "scripts/make-image"), words, { encoding: "utf8" });
	return { status, stdout, stderr };
}

const file = (name: string, content: string | Buffer): string => {
	writeFileSync(join(folder, name), content);
	return join(folder, name);
};

test("an image of a file that is there: the header field by field, and the signature", () => {
	const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
	const payload = Buffer.from("firmware of another board");
	const out = join(folder, "deep", "board.fw");
	const key = file("own.key", privateKey.export({ type: "sec1", format: "der" }));
	const words = ["--payload", file("payload", payload), "--target", "esp32", "--version=2.1.0-rc1", "--name", "my app"];
	const { status, stderr } = make(...words, "--key", key, "--out", out);
	assert.deepEqual([status, stderr], [0, ""]);
	const bytes = readFileSync(out);
	const text = (at: number, room: number) => bytes.toString("utf8", at, at + room).replace(/\0+$/, "");
	assert.equal(bytes.length, 512 + payload.length);
	assert.deepEqual(
		[text(0, 4), bytes[4], bytes.readUInt16LE(6), bytes.readUInt32LE(8)],
		["LWFW", 1, 512, payload.length],
	);
	assert.deepEqual([text(16, 16), text(32, 32), text(64, 32)], ["esp32", "2.1.0-rc1", "my app"]);
	assert.deepEqual(bytes.subarray(96, 128), createHash("sha256").update(payload).digest());
	const signer = { key: publicKey, dsaEncoding: "ieee-p1363" } as const;
	assert.ok(verify("sha256", bytes.subarray(0, 448), signer, bytes.subarray(448, 512)));
	assert.deepEqual(bytes.subarray(512), payload);
});

test("the device's own version, signed for trials, goes where the options of an image say", () => {
	const out = join(folder, "own.fw");
	const { status, stdout, stderr } = make("--out", out);
	assert.equal(status, 0);
	assert.match(stdout, /own\.fw\n$/);
	assert.match(stderr, /signed with the development key: for trials only/);
	const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { version: string };
	assert.ok(readFileSync(out).toString("latin1", 32, 64).startsWith(`${version}\0`));
});

test("what cannot be used is one line that names it, and status 2", () => {
	const rsa = generateKeyPairSync("rsa", { modulusLength: 1024 }).privateKey;
	const rsaFile = file("rsa.key", rsa.export({ type: "pkcs8", format: "pem" }));
	const script = file("a.js", "");
	for (const [words, line] of [
		[["--speed", "1"], /--speed: no such option; there are --version/],
		[["extra"], /extra: no such option/],
		[["--version"], /--version: its value is missing/],
		[["--version", "1", "--version", "2"], /--version: given twice/],
		[["--version", "1".repeat(32)], /--version: at most 31 bytes, not 32/],
		[["--version", "1/2"], /--version 1\/2: printable ASCII without a slash/],
		[["--target", "moon"], /--target moon: one of host, qemu/],
		[["--key", join(folder, "none")], /--key .*none: no such file/],
		[["--key", script], /--key .*: not a private key, PEM or DER/],
		[["--key", rsaFile], /--key .*: not a private key on P-256/],
		[["--payload", join(folder, "none")], /--payload .*none: no such file/],
		[["--replace", "src/main"], /--replace src\/main: ID=FILE\.js is wanted/],
		[["--replace", `src/nothing=${script}`], /--replace src\/nothing: manifest\.json has no such module/],
		[["--replace", `src/main=${folder}/none.js`], /--replace src\/main .*none\.js: no such file/],
		[["--replace", `src/main=${script}`, "--payload", script], /--replace and --payload: give one of them/],
		[["--payload", script, "--out", join(script, "below")], /--out .*below: /],
	] as const) {
		const { status, stdout, stderr } = make(...words);
		assert.deepEqual([status, stdout], [2, ""], words.join(" "));
		const lines = stderr
			.trimEnd()
			.split("\n")
			.filter((one) => !one.includes("development key"));
		assert.equal(lines.length, 1, stderr);
		assert.match(lines[0]!, line);
	}
	assert.ok(!existsSync(join(script, "below")));
});
