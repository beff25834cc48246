// lwm2m read, write, create, delete, exec, ls: what the registry holds. The shell acts as the device itself: what is
// read-only or hidden for a server may be written, of the right type and within its range. Keys are never shown.
import { parsePath, readText, textBytes, writeBig, writeFloat, writeText } from "../bytes.js";
import { text } from "../codec/text.js";
import { ofFloat, ofInteger } from "../codec/value.js";
import { OPAQUE_BYTES } from "../config.js";
import { parseArguments } from "../lwm2m/arguments.js";
import { BOOLEAN, FLOAT, INTEGER, OBJLNK, OPAQUE, type ResourceDefinition, TIME } from "../lwm2m/definition.js";
import { fits, isMultiple, type Model, wanted } from "../lwm2m/model.js";
import type { Value } from "../lwm2m/path.js";
import {
	absent,
	type Context,
	command,
	idsOf,
	invalid,
	isSecret,
	nodeAt,
	Refused,
	type Reply,
	resourceAt,
	storedAt,
	valueAt,
} from "./command.js";

const OPTIONS = " -x -s -b -f -t -v -u8 -u16 -u32 -u64 -s8 -s16 -s32 -s64 -crc32 ";
const ONE: readonly number[] = Object.freeze([0]);

export const valueCommands = Object.freeze([
	command("exec PATH [PARAM] - Execute a resource", 1, 2, execute),
	command("read PATH [-x|-s|-b|-uX|-sX|-f|-t|-v|-crc32] - Read; default -x, -v as defined", 1, 2, read),
	command("write PATH [-s|-b|-uX|-sX|-f|-t|-v|-x] VALUE - Write; default -s, -v as defined", 2, 3, write),
	command("create PATH - Create an object or resource instance", 1, 1, create),
	command("delete PATH - Delete an object or resource instance", 1, 1, remove),
	command("ls [PATH] - List values", 0, 1, list),
]);

function read({ client }: Context, words: readonly string[]): Reply {
	const { model } = client.registry;
	const path = words[0]!;
	const option = words[1] ?? "-x";
	if (!OPTIONS.includes(` ${option} `)) return `can't recognize data type ${option}`;
	const target = resourceAt(model, path);
	const { definition } = target;
	if (isSecret(definition)) throw new Refused(-1, `${path} is secret`); // EPERM
	let value = valueAt(model, target);
	if (option === "-x") return dump(bytesOf(value, definition));
	if (option === "-crc32") return String(crc32(bytesOf(value, definition)));
	if (option === "-s" && value instanceof ArrayBuffer)
		value = readText(new Uint8Array(value), 0, value.byteLength) ?? value;
	if (option === "-s" || option === "-v") return plain(value, definition);
	if (typeof value === "boolean") value = value ? 1 : 0;
	if (definition.type === OBJLNK || (typeof value !== "number" && typeof value !== "bigint"))
		invalid(`${path} holds ${wanted(definition)}`);
	if (option === "-f") return Number(value).toFixed(6);
	if (!isWithin(value, option)) invalid(`${value} does not fit ${option}`);
	return String(value);
}

function write({ client }: Context, words: readonly string[]): Reply {
	const { model } = client.registry;
	const option = words.length > 2 ? words[1]! : "-s";
	const word = words[words.length - 1]!;
	if (!OPTIONS.includes(` ${option} `) || option === "-crc32") return `can't recognize data type ${option}`;
	const target = resourceAt(model, words[0]!);
	const { path, ids, node, definition } = target;
	const { type } = definition;
	const bytes = encode(word);
	text.open(bytes, 0, bytes.length);
	let value: Value | undefined;
	if (option === "-v" && type !== OPAQUE) value = text.value(type);
	else if (option === "-v" || option === "-x") value = fromHex(word);
	else if (option === "-s") value = type === OPAQUE ? bytes.buffer : word;
	else {
		let number = text.value(option === "-f" ? FLOAT : INTEGER) as number | bigint | undefined; // of these two types
		if (number === undefined) return `Invalid number: ${word}`;
		if (option === "-b") number = number ? 1 : 0;
		if (option !== "-f" && !isWithin(number, option)) invalid(`${word} does not fit ${option}`);
		if (type === BOOLEAN) value = number === 0 ? false : number === 1 ? true : undefined;
		else value = typeof number === "bigint" ? ofInteger(number, type) : ofFloat(number, type);
	}
	if (value === undefined || !fits(definition, value)) invalid(`${path} wants ${wanted(definition)}`);
	// a blank board has no accounts: those of objects 0 and 1 come with their first resource
	if (ids[0]! > 1) nodeAt(model, ids);
	if (ids[0]! > 1 && ids[3]! >= 0 && storedAt(model, target) === undefined)
		absent(`no resource instance ${ids.join("/")}`);
	const handler = model.handler(ids[0]!, ids[1]!, ids[2]!);
	const refusal = handler?.validate?.(value, ids[1]!, ids[3]!) || handler?.write?.(value, ids[1]!, ids[3]!);
	if ((refusal as number) >= 0x80) invalid(`refused by the application, ${codeText(refusal as number)}`); // LATER is no number
	if (!node.instances[ids[1]!] && !model.createInstance(ids[0]!, ids[1]!)) full(`object ${ids[0]}`);
	store(model, ids, value);
}

function store(model: Model, ids: readonly number[], value: Value): void {
	if (!model.assign(ids[0]!, ids[1]!, ids[2]!, ids[3]!, value)) full(ids.join("/"));
}

function create({ client }: Context, words: readonly string[]): Reply {
	const { model } = client.registry;
	const path = words[0]!;
	const ids = idsOf(path, 2);
	const { definition, instances } = nodeAt(model, ids.slice(0, ids.length > 2 ? 2 : 1));
	if (ids.length > 2) {
		const target = resourceAt(model, path);
		if (storedAt(model, target) !== undefined) exists(path);
		const { type, range } = target.definition;
		const least = range ? range[0] : 0;
		store(
			model,
			target.ids,
			type === OPAQUE ? new ArrayBuffer(least) : type === BOOLEAN ? false : type < INTEGER ? " ".repeat(least) : least,
		);
	} else if (instances[ids[1]!]) exists(path);
	else if ((definition.isSingle && ids[1] !== 0) || !model.createInstance(ids[0]!, ids[1]!)) full(`object ${ids[0]}`);
}

function remove({ client }: Context, words: readonly string[]): Reply {
	const { model } = client.registry;
	const path = words[0]!;
	const ids = idsOf(path, 2);
	nodeAt(model, ids);
	if (ids.length === 3) invalid(`${path} is neither an object instance nor a resource instance`);
	if (ids.length < 3) model.deleteInstance(ids[0]!, ids[1]!);
	else if (!model.remove(ids[0]!, ids[1]!, ids[2]!, ids[3]!)) absent(`no resource instance ${path}`);
}

function execute({ client }: Context, words: readonly string[]): Reply {
	const { model } = client.registry;
	const path = words[0]!;
	const parameters = words[1] ?? "";
	const ids = new Uint16Array(4);
	if (parsePath(path, ids) !== 3) return `Illegal path (PATH ${path})`;
	const node = model.objects[ids[0]!];
	if (!node?.instances[ids[1]!] || !node.definition.resources[ids[2]!]) return `Resource not found: ${path}`;
	const handler = model.handler(ids[0]!, ids[1]!, ids[2]!);
	if (!handler?.execute) return `No execute callback! ${path}`;
	if (!handler.takesAnyText && !parseArguments(parameters))
		return `returned (err -22): ${parameters} is no argument list, 0='abc',1`;
	const outcome = handler.execute(parameters, ids[1]!);
	return (outcome as number) >= 0x80 ? `returned (err -22): refused, ${codeText(outcome as number)}` : undefined; // LATER is no number
}

function list({ client }: Context, words: readonly string[]): Reply {
	const { model } = client.registry;
	const path = words[0] ?? "/";
	const ids = idsOf(path, 0);
	if (ids.length > 0) nodeAt(model, ids);
	if (ids.length > 2) {
		const target = resourceAt(model, path);
		if (ids.length > 3 || target.ids[3]! < 0) valueAt(model, target);
	}
	return walk(model, ids);
}

/** The values below a path. What comes and goes meanwhile does no harm. */
function* walk(model: Model, ids: readonly number[]): Generator<string, void> {
	const objects = ids.length > 0 ? ids : model.objectIds;
	for (let o = 0; o < (ids.length > 0 ? 1 : objects.length); o++) {
		const node = model.objects[objects[o]!]!;
		const instances = ids.length > 1 ? ids.slice(1, 2) : node.instanceIds;
		for (let i = 0; i < instances.length; i++) {
			const resources = ids.length > 2 ? ids.slice(2, 3) : node.definition.ids;
			for (let r = 0; r < resources.length; r++) {
				const value = node.instances[instances[i]!]?.[resources[r]!];
				const path = `${objects[o]}/${instances[i]}/${resources[r]}`;
				const parts = ids.length > 3 ? ids.slice(3) : isMultiple(value) ? value.ids : ONE;
				for (let p = 0; p < parts.length; p++) {
					const line = lineOf(model, isMultiple(value) ? `${path}/${parts[p]}` : path);
					if (line !== undefined) yield line;
				}
			}
		}
	}
}

/** `3/0/0 : value`, undefined where there is none. Of opaques the length alone, so that keys stay unseen. */
export function lineOf(model: Model, path: string): string | undefined {
	try {
		const target = resourceAt(model, path);
		const { definition } = target;
		const value = valueAt(model, target);
		if (!(value instanceof ArrayBuffer))
			return `${path} : ${definition.type === FLOAT ? Number(value).toFixed(6) : plain(value, definition)}`;
		return `${path} : OPAQUE(${value.byteLength}/${definition.range?.[1] ?? OPAQUE_BYTES})`;
	} catch {
		// executable, without a value, or its handler has none now
		return undefined;
	}
}

/** A value in the form that `write -v` takes. */
function plain(value: Value, { type }: ResourceDefinition): string {
	if (typeof value === "boolean") return value ? "1" : "0";
	if (type === OBJLNK) return `${(value as number) >>> 16}:${(value as number) & 0xffff}`; // `fits` lets nothing else in
	if (!(value instanceof ArrayBuffer)) return String(value);
	const bytes = new Uint8Array(value);
	let digits = "";
	for (let i = 0; i < bytes.length; i++) digits += hex(bytes[i]!);
	return digits;
}

/** Lines of 16 bytes, `00000000: 41 42 … |AB…|`, as Zephyr's shell prints them. */
function* dump(bytes: Uint8Array): Generator<string, void> {
	for (let at = 0; at < bytes.length; at += 16) {
		let line = `${at.toString(16).toUpperCase().padStart(8, "0")}: `;
		let characters = "";
		for (let i = at; i < at + 16; i++) {
			const byte = bytes[i] ?? 0x20;
			const gap = i === at + 8 ? " " : "";
			line += `${gap}${i < bytes.length ? hex(byte) : "  "} `;
			characters += gap + (byte < 0x20 || byte > 0x7e ? "." : String.fromCharCode(byte));
		}
		yield `${line}|${characters}|`;
	}
}

/** A value as a C program has it in memory: little-endian, integers in the fewest of 1, 2, 4 and 8 bytes. */
function bytesOf(value: Value, { type }: ResourceDefinition): Uint8Array {
	if (typeof value === "string") return encode(value);
	if (value instanceof ArrayBuffer) return new Uint8Array(value);
	const bytes = new Uint8Array(8);
	if (type === FLOAT) writeFloat(bytes, 0, Number(value), 8);
	else writeBig(bytes, 0, BigInt(value), 8);
	let size = type === FLOAT || type === TIME ? 8 : 1;
	while (size < 8 && !isWithin(Number(value), `-s${8 * size}`)) size *= 2;
	return bytes.reverse().subarray(0, size);
}

/** True for a whole number that the option's C type holds: `-u8` to `-s64`, `-t` is 64 bits, `-b` one. */
function isWithin(value: number | bigint, option: string): boolean {
	if (typeof value === "number" && !Number.isInteger(value)) return false;
	const isUnsigned = option === "-b" || option.startsWith("-u");
	const bits = option === "-b" ? 1 : option === "-t" ? 64 : Number(option.slice(2));
	const top = 2n ** BigInt(isUnsigned ? bits : bits - 1);
	return value < top && value >= (isUnsigned ? 0n : -top);
}

function encode(word: string): Uint8Array<ArrayBuffer> {
	const bytes = new Uint8Array(textBytes(word));
	writeText(bytes, 0, word);
	return bytes;
}

function fromHex(word: string): ArrayBuffer | undefined {
	const bytes = new Uint8Array(word.length / 2);
	for (let i = 0; i < word.length; i++) {
		const digit = "0123456789abcdef".indexOf(word.charAt(i).toLowerCase());
		if (digit < 0 || word.length % 2 > 0) return undefined;
		bytes[i >> 1] = (bytes[i >> 1]! << 4) | digit;
	}
	return bytes.buffer;
}

/** CRC-32 of IEEE 802.3. */
function crc32(bytes: Uint8Array): number {
	let crc = -1;
	for (let i = 0; i < bytes.length * 8; i++) {
		if (i % 8 === 0) crc ^= bytes[i >> 3]!;
		crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
	}
	return ~crc >>> 0;
}

function hex(byte: number): string {
	return (byte + 256).toString(16).slice(1);
}

function codeText(code: number): string {
	return `${code >> 5}.${`${code & 31}`.padStart(2, "0")}`;
}

function exists(path: string): never {
	throw new Refused(-17, `${path} exists`); // EEXIST
}

function full(what: string): never {
	throw new Refused(-12, `${what} holds no more instances`); // ENOMEM
}
