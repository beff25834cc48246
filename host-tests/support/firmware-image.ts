// A firmware image of 5,000 bytes for the target `test`, version 2.0.0, made by scripts/lib/container.mjs.
import { ascii, hex } from "./test.js";

const DIGEST = "b0abe1fc3221488396cb845b73dad2a0838923837dfd67247b06e596fff3f2c3";
const SIGNATURE =
	"b6abc491386381f8a59bab1d6776629c64d8be7db6e4abf2d48098abe45202e8b7d61dc427292fca18350a511d88ac68f5ec8bea4f7c01e6860a093e7a95753a";
/** Of the same header, by a key that nobody knows. */
export const SIGNATURE_OF_ANOTHER_KEY =
	"bf0317a9f6720d5433acb7cbb074ba6fd045b6482d37c6219b27febd636e20e313391cf55c67f00f31d35fefdef947e69dac7537ed1e7129083dc2ec34a231cc";

/** The container, signed with the development key. */
export function firmwareImage(): Uint8Array {
	const bytes = new Uint8Array(512 + 5000);
	bytes.set(ascii("LWFW"), 0);
	bytes[4] = 1;
	bytes[7] = 2;
	bytes[8] = 5000 & 255;
	bytes[9] = 5000 >> 8;
	bytes.set(ascii("test"), 16);
	bytes.set(ascii("2.0.0"), 32);
	bytes.set(ascii("lwm2m-xs"), 64);
	bytes.set(hex(DIGEST), 96);
	bytes.set(hex(SIGNATURE), 448);
	for (let i = 0; i < 5000; i++) bytes[512 + i] = (i * 7) & 255;
	return bytes;
}
