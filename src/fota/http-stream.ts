// The byte stream that HTTP goes over: name resolution and a TCP connection.
import type { Tcp } from "../platform.js";
import type { PackageUri } from "./package-uri.js";
import type { PartParts } from "./part.js";
import { CONNECTION_LOST, NO_MEMORY } from "./states.js";

export interface StreamEvents {
	/** False once nobody cares for the stream any more. */
	isWanted(): boolean;
	onOpened(stream: Tcp): void;
	onReadable(): void;
	onWritable(): void;
	/** @param text why, one line; undefined: the server has closed it */
	onClosed(result: number, text: string | undefined): void;
}

export function openStream(parts: PartParts, uri: PackageUri, _securityInstance: number, events: StreamEvents): void {
	const { platform, wake } = parts;
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
		try {
			events.onOpened(
				platform.openTcp({
					address,
					port: uri.port,
					onReadable: () => events.isWanted() && events.onReadable(),
					onWritable: () => events.isWanted() && events.onWritable(),
					onClose: (text) => fail(CONNECTION_LOST, text),
				}),
			);
		} catch (error) {
			fail(NO_MEMORY, error instanceof Error ? error.message : String(error));
		}
	});
}
