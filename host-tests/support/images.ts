// Firmware images for scenarios, made by scripts/make-image. Node only.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../../..", import.meta.url));

/** A program in place of the device's own: the body of `main`, with `host` at hand. */
export type Program = string;

export class Images {
	readonly #folder = mkdtempSync(join(tmpdir(), "lwm2m-xs-images-"));
	#files = 0;
	readonly #words: readonly string[];

	/** @param words options of make-image for all of them */
	constructor(...words: string[]) {
		this.#words = words;
	}

	/** Builds version `version` with further options of make-image. */
	make(version: string, ...words: string[]): Buffer {
		const file = join(this.#folder, `${this.#files++}.fw`);
		const script = join(root, "scripts/make-image.mjs");
		execFileSync(process.execPath, [script, "--version", version, "--out", file, ...this.#words, ...words], {
			stdio: "pipe",
		});
		return readFileSync(file);
	}

	/** The device itself, with something in its main module replaced. */
	changed(version: string, from: string, to: string): Buffer {
		const source = readFileSync(join(root, "build/js/src/main.js"), "utf8");
		if (!source.includes(from)) throw new Error(`src/main has no ${from}`);
		return this.make(version, "--replace", `src/main=${this.write("main.js", source.replaceAll(from, to))}`);
	}

	/** Another program that does only this. */
	program(version: string, body: Program): Buffer {
		const source = `import * as host from "platforms/xs/host";\nexport default function main() { ${body} }\n`;
		return this.make(version, "--replace", `src/main=${this.write("main.js", source)}`);
	}

	/** @returns the path of a file for `make` */
	write(name: string, content: string | Buffer): string {
		const file = join(this.#folder, name);
		writeFileSync(file, content);
		return file;
	}

	remove(): void {
		rmSync(this.#folder, { recursive: true });
	}
}
