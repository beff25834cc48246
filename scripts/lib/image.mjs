// Reads a program image (platforms/xs/image.h says how it is laid out).

const AT = { bytes: 4, keyCount: 20, keys: 24, natives: 32, moduleCount: 36, modules: 40 };
const MODULE_BYTES = 20;

/** @returns its size, what its names take, and its modules with the bytes of their code */
export function readImage(image) {
	const number = (at) => image.readUInt32LE(at);
	const text = (at) => image.toString("utf8", at, image.indexOf(0, at));
	const modules = [];
	for (let i = 0; i < number(AT.moduleCount); i++) {
		const at = number(AT.modules) + i * MODULE_BYTES;
		modules.push({ name: text(number(at)), codeBytes: number(at + 8) });
	}
	return {
		bytes: number(AT.bytes),
		keyCount: number(AT.keyCount),
		keyBytes: number(AT.natives) - number(AT.keys),
		modules,
	};
}
