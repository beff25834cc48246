// Content that devices may fetch by GET, in blocks: firmware for a pull.

import type { Reply } from "../coap/assembly.js";
import type { Incoming } from "../coap/endpoint.js";
import { uintOption } from "../coap/message.js";
import { CONTENT_FORMAT, ETAG } from "../coap/numbers.js";
import { OPAQUE } from "../codec/content-format.js";

interface Content {
	readonly content: Buffer;
	readonly etag: Buffer | undefined;
}

export class Published {
	/** Sees how much of a content a request has taken, in bytes from its start. */
	onTaken: (request: Incoming, bytes: number, size: number) => void = () => {};
	readonly #byPath = new Map<string, Content>();

	add(path: string, content: Buffer, etag?: Buffer): void {
		this.#byPath.set(keyOf(path), { content, etag });
	}

	remove(path: string): void {
		this.#byPath.delete(keyOf(path));
	}

	reply(request: Incoming): Reply {
		const published = this.#byPath.get(request.path.join("/"));
		if (!published) return { code: "4.04" };
		if (request.method !== "GET") return { code: "4.05" };
		const { content, etag } = published;
		const options = etag ? [{ number: ETAG, value: etag }] : [];
		return {
			code: "2.05",
			payload: content,
			options: [...options, uintOption(CONTENT_FORMAT, OPAQUE)],
			onCut: (end) => this.onTaken(request, end, content.length),
		};
	}
}

function keyOf(path: string): string {
	return path.split("/").filter(Boolean).join("/");
}
