// The byte stream that HTTP goes over: name resolution, and a TCP connection, for https with TLS on top of it.
import type { Tcp } from "../platform.js";
import { HTTPS, type PackageUri } from "./package-uri.js";
import type { PartParts } from "./part.js";
import { CONNECTION_LOST, INVALID_URI, NO_MEMORY, UNSUPPORTED_PROTOCOL } from "./states.js";

/** Of TCP it is the connection itself. */
export interface Stream extends Tcp {
	/** Does what is due. @returns when it wants to be called again */
	step?(now: number): number;
}

export interface StreamEvents {
	/** False once nobody cares for the stream any more. */
	isWanted(): boolean;
	onOpened(stream: Stream): void;
	onReadable(): void;
	onWritable(): void;
	/** @param text why, one line; undefined: the server has closed it */
	onClosed(result: number, text: string | undefined): void;
}

/** Results, by the causes of secure-stream.ts. */
const results: readonly number[] = Object.freeze([CONNECTION_LOST, INVALID_URI, UNSUPPORTED_PROTOCOL, NO_MEMORY]);

/** @param securityInstance whose credentials may serve for https */
export function openStream(parts: PartParts, uri: PackageUri, securityInstance: number, events: StreamEvents): void {
	const { platform, tls, wake } = parts;
	const fail = (result: number, text: string | undefined) => {
		if (!events.isWanted()) return;
		events.onClosed(result, text);
		wake();
	};
	platform.resolve(uri.host, (address, text) => {
		if (!events.isWanted()) return;
		if (address === undefined) {
			fail(CONNECTION_LOST, `${uri.host}: ${text ?? "no such host"}`);
			return;
		}
		const options = {
			address,
			port: uri.port,
			onReadable: () => events.isWanted() && events.onReadable(),
			onWritable: () => events.isWanted() && events.onWritable(),
		};
		let result = UNSUPPORTED_PROTOCOL;
		try {
			const open = uri.protocol === HTTPS ? tls?.(securityInstance, uri.host) : undefined;
			result = NO_MEMORY;
			events.onOpened(
				open
					? open({ ...options, wake, onClose: (cause, text) => fail(results[cause]!, text) })
					: platform.openTcp({ ...options, onClose: (text) => fail(CONNECTION_LOST, text) }),
			);
		} catch (error) {
			fail(result, error instanceof Error ? error.message : String(error));
		}
	});
}
