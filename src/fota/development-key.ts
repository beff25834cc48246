// The public half of scripts/keys/firmware-development.pem, whose private half everybody has: for development only. A
// product gives its own key to `imageCheck`.
import { fromHex } from "../scan.js";

const POINT =
	"047243960f0763a7e6a4340ae03ef3efe51c5d11d293413ccd5ea88d32889bb44f441e4be54d81507c7ccbc935e86db1496cfc671a93430ae7f708a84b25ce0971";

/** @returns 65 bytes: an uncompressed point of P-256 */
export function developmentKey(): Uint8Array {
	return fromHex(POINT)!;
}
