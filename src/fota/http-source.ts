// A package by HTTP/1.1 over TCP, or over TLS: one GET, from a position on by Range, the body straight to the slot.
// RFC 9110, RFC 9112.
// Bodies with a length, in chunks, or up to the end of the connection; redirections, HTTP_REDIRECTIONS of them.
// RAM: a line of HTTP_LINE_BYTES, and the connection.
import { textBytes, writeText } from "../bytes.js";
import { FOTA_SILENCE_SECONDS, HTTP_LINE_BYTES, HTTP_REDIRECTIONS } from "../config.js";
import { HttpResponse } from "./http-response.js";
import { openStream, type Stream } from "./http-stream.js";
import { HTTP, HTTPS, type PackageUri, parsePackageUri } from "./package-uri.js";
import type { PartParts } from "./part.js";
import type { Source, SourceEvents } from "./source.js";
import { CONNECTION_LOST, INVALID_URI, UNSUPPORTED_PROTOCOL } from "./states.js";

const OK = 200;
const PARTIAL_CONTENT = 206;
const RANGE_NOT_SATISFIABLE = 416;

export class HttpSource implements Source {
	#parts: PartParts;
	#events: SourceEvents;
	#uri: PackageUri;
	#securityInstance: number;
	#stream: Stream | undefined;
	#response: HttpResponse;
	#request: Uint8Array;
	#sent = 0;
	/** Where the body's next bytes stand in the package. */
	#at = 0;
	#redirections = 0;
	#deadline = 0;
	#isClosed = false;

	constructor(parts: PartParts, uri: PackageUri, securityInstance: number, events: SourceEvents) {
		this.#parts = parts;
		this.#events = events;
		this.#uri = uri;
		this.#securityInstance = securityInstance;
		this.#response = this.#newResponse();
		this.#request = this.#newRequest();
		this.#open();
	}

	step(now: number): number {
		if (this.#isClosed) return Number.POSITIVE_INFINITY;
		const next = this.#stream?.step?.(now) ?? Number.POSITIVE_INFINITY;
		if (this.#isClosed) return Number.POSITIVE_INFINITY;
		if (now < this.#deadline) return Math.min(next, this.#deadline);
		this.#fail(CONNECTION_LOST, `the server is silent for ${FOTA_SILENCE_SECONDS} s`);
		return Number.POSITIVE_INFINITY;
	}

	close(): void {
		this.#isClosed = true;
		this.#stream?.close();
		this.#stream = undefined;
	}

	#open(): void {
		this.#touch();
		const uri = this.#uri;
		openStream(this.#parts, uri, this.#securityInstance, {
			isWanted: () => !this.#isClosed && this.#uri === uri,
			onOpened: (stream) => {
				this.#stream = stream;
			},
			onReadable: () => this.#receive(),
			onWritable: () => this.#send(),
			onClosed: (result, text) => this.#closed(result, text),
		});
	}

	#closed(result: number, text: string | undefined): void {
		// what is still waiting in the socket comes first
		this.#receive();
		if (this.#isClosed) return;
		if (text === undefined && this.#response.endsWithConnection) this.#events.onEnd(this.#at);
		else this.#fail(result, text ?? "the server closed the connection");
	}

	#newResponse(): HttpResponse {
		return new HttpResponse(HTTP_LINE_BYTES, {
			onHead: () => this.#takeHead(),
			onBody: (bytes, start, end) => {
				const at = this.#at;
				this.#at += end - start;
				return this.#events.onBytes(at, bytes, start, end) && !this.#isClosed;
			},
			onEnd: () => {
				const at = this.#at;
				this.close();
				this.#events.onEnd(at);
			},
			onMalformed: (text) => this.#fail(CONNECTION_LOST, text),
		});
	}

	#newRequest(): Uint8Array {
		const { protocol, host, port, path, query } = this.#uri;
		const { position, validator } = this.#events;
		const name = host.includes(":") ? `[${host}]` : host;
		let text = `GET ${path}${query === undefined ? "" : `?${query}`} HTTP/1.1\r\n`;
		text += `Host: ${name}${port === (protocol === HTTP ? 80 : 443) ? "" : `:${port}`}\r\n`;
		if (position > 0) text += `Range: bytes=${position}-\r\n`;
		if (position > 0 && validator !== "") text += `If-Range: ${validator}\r\n`;
		text += "Accept-Encoding: identity\r\nConnection: close\r\n\r\n";
		const bytes = new Uint8Array(textBytes(text));
		writeText(bytes, 0, text);
		return bytes;
	}

	#send(): void {
		const request = this.#request;
		if (this.#stream && this.#sent < request.length)
			this.#sent += this.#stream.write(request, this.#sent, request.length);
	}

	#receive(): void {
		const { buffer, wake } = this.#parts;
		for (;;) {
			const stream = this.#stream;
			if (!stream) break;
			const count = stream.read(buffer);
			if (count <= 0) break;
			this.#touch();
			this.#response.take(buffer, 0, count);
		}
		wake();
	}

	/** @returns false where the body is not wanted */
	#takeHead(): boolean {
		const { status, length, rangeStart, rangeSize, validator, location } = this.#response;
		const { position } = this.#events;
		if (status === OK || status === PARTIAL_CONTENT) {
			const isPart = status === PARTIAL_CONTENT;
			this.#at = isPart ? rangeStart : 0;
			if (this.#at < 0 || this.#at > position) {
				this.#fail(CONNECTION_LOST, "the server sent another range than was asked for");
				return false;
			}
			// with If-Range a partial answer need not repeat what it was asked by
			const named = isPart && validator === "" ? this.#events.validator : validator;
			return this.#events.onHead(isPart ? rangeSize : length, named) && !this.#isClosed;
		}
		if (status === RANGE_NOT_SATISFIABLE && position > 0) {
			// the package has become shorter: no other one has this for its validator
			this.#events.onHead(-1, "416");
			return false;
		}
		if (status > 300 && status < 309 && status !== 304 && location !== "") this.#redirect(location);
		else {
			const isPassing = status >= 500 || status === 408 || status === 429;
			this.#fail(isPassing ? CONNECTION_LOST : INVALID_URI, `the server answered ${status}`);
		}
		return false;
	}

	#redirect(location: string): void {
		const { host } = this.#uri;
		const uri = location.startsWith("/") ? { ...this.#uri, ...split(location) } : parsePackageUri(location);
		this.#redirections++;
		if (!uri || this.#redirections > HTTP_REDIRECTIONS)
			this.#fail(INVALID_URI, uri ? `more than ${HTTP_REDIRECTIONS} redirections` : `redirected to "${location}"`);
		else if (!this.#mayRedirect(uri.protocol)) this.#fail(UNSUPPORTED_PROTOCOL, `${host} redirects to "${location}"`);
		else {
			this.#stream?.close();
			this.#stream = undefined;
			this.#uri = uri;
			this.#sent = 0;
			this.#request = this.#newRequest();
			this.#response = this.#newResponse();
			this.#open();
		}
	}

	/** To http and https; not from https to http, nor to https in a build without TLS. */
	#mayRedirect(protocol: number): boolean {
		return protocol === HTTPS ? this.#parts.tls !== undefined : protocol === HTTP && this.#uri.protocol === HTTP;
	}

	#touch(): void {
		this.#deadline = this.#parts.now() + FOTA_SILENCE_SECONDS * 1000;
	}

	#fail(result: number, text: string): void {
		if (this.#isClosed) return;
		this.close();
		this.#events.onFailure(result, text);
	}
}

function split(location: string): { path: string; query: string | undefined } {
	const at = location.indexOf("?");
	return at < 0 ? { path: location, query: undefined } : { path: location.slice(0, at), query: location.slice(at + 1) };
}
