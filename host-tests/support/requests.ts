// What scenarios ask of a device through the companion server, in short.
import type { RawRequest } from "../server/raw-request.js";
import type { CompanionServer } from "../server/server.js";

/** @param server the one that runs when a request is made */
export function requestsTo(endpoint: string, server: () => CompanionServer) {
	const ask = (request: RawRequest) => server().request(endpoint, request);
	const code = async (request: RawRequest) => (await ask(request)).code;
	return {
		ask,
		/** Reads in plain text. */
		text: async (path: string) => (await ask({ method: "GET", path, accept: "TEXT" })).payload.toString(),
		/** @returns the answer's code, `2.04` */
		write: (path: string, payload: string | Buffer, format: RawRequest["format"] = "TEXT") =>
			code({ method: "PUT", path, payload, format }),
		execute: (path: string) => code({ method: "POST", path }),
	};
}
