// A build that fetches by CoAP alone: its manifest maps `src/fota/http` to this.
import { COAPS } from "./package-uri.js";

export const lastProtocol: number = COAPS;

/** Never called: no URI of HTTP passes. @throws Error */
export function httpSource(): never {
	throw new Error("this build has no HTTP");
}
