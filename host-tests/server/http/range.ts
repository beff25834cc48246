// Bytes over HTTP, whole or a range of them (RFC 9110, 14): what a download needs to go on where it was.

import type { FastifyReply, FastifyRequest } from "fastify";

interface Range {
	readonly start: number;
	/** Exclusive. */
	readonly end: number;
}

/** Answers a GET or HEAD. Several ranges at once get the whole, as the RFC allows. */
export function sendBytes(request: FastifyRequest, reply: FastifyReply, content: Buffer, tag: string): FastifyReply {
	const etag = `"${tag}"`;
	void reply.headers({ "accept-ranges": "bytes", etag, "content-type": "application/octet-stream" });
	if (request.headers["if-none-match"] === etag) return reply.status(304).send();
	const condition = request.headers["if-range"];
	const wanted = condition === undefined || condition === etag ? request.headers.range : undefined;
	const range = wanted === undefined ? undefined : parseRange(wanted, content.length);
	if (range === undefined) return reply.send(content);
	if (range === null) return reply.status(416).header("content-range", `bytes */${content.length}`).send();
	const { start, end } = range;
	void reply.status(206).header("content-range", `bytes ${start}-${end - 1}/${content.length}`);
	return reply.send(content.subarray(start, end));
}

/** Null for a range that begins behind the end; undefined for what is not understood and therefore ignored. */
export function parseRange(header: string, size: number): Range | null | undefined {
	const [, first = "", last = ""] = /^bytes=(\d*)-(\d*)$/.exec(header.trim()) ?? [];
	if (first === "") {
		if (last === "") return undefined;
		return Number(last) === 0 ? null : { start: Math.max(0, size - Number(last)), end: size };
	}
	const start = Number(first);
	const end = last === "" ? size : Math.min(Number(last) + 1, size);
	if (last !== "" && Number(last) < start) return undefined;
	return start >= size ? null : { start, end };
}
