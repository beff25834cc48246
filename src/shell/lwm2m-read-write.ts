// lwm2m read, write, create, delete, exec: what the registry holds. The shell acts as the device itself: what is
// read-only or hidden for a server may be written, of the right type and within its range. Keys are never shown.
import { readText, textBytes, writeBig, writeFloat, writeText } from "../bytes.js";
import { text as textCodec } from "../codec/text.js";
import { ofFloat, ofInteger } from "../codec/value.js";
import { parseArguments } from "../lwm2m/arguments.js";
import {
	BOOLEAN,
	CORELNK,
	FLOAT,
	INTEGER,
	NONE,
	OBJLNK,
	OPAQUE,
	type ResourceDefinition,
	type ResourceType,
	STRING,
	TIME,
} from "../lwm2m/definition.js";
import { fits, LATER, type Model, wanted } from "../lwm2m/model.js";
import type { Value } from "../lwm2m/path.js";
import { type Context, EEXIST, EINVAL, ENOENT, ENOMEM, EPERM, type Lines, Refused, type Reply } from "./command.js";
import { hex, nodeAt, parse, plain, resourceAt, show, type Target, valueAt } from "./target.js";
import { isSecretResource } from "./words.js";

const DUMP_BYTES = 16;
const SERVER = 1;

export function read({ client }: Context, [path, option = "-x"]: readonly string[]): Reply {
	const { model } = client.registry;
	const width = widthOf(option);
	if (!(width || ["-x", "-s", "-b", "-f", "-t", "-v", "-crc32"].includes(option)))
		return `can't recognize data type ${option}`;
	const target = resourceAt(model, path!);
	const { definition, object, resource } = target;
	if (isSecretResource(client, object, resource)) throw new Refused(EPERM, `${path} is secret`);
	const value = valueAt(model, target);
	const number = typeof value === "boolean" ? Number(value) : value;
	const isNumber = typeof number === "number" || typeof number === "bigint";
	if (option === "-x") return new Dump(bytesOf(value, definition.type));
	if (option === "-crc32") return String(crc32(bytesOf(value, definition.type)));
	if (option === "-v" || (option === "-s" && !(value instanceof ArrayBuffer))) return plain(definition, value);
	if (option === "-s" && value instanceof ArrayBuffer)
		return readText(new Uint8Array(value), 0, value.byteLength) ?? plain(definition, value);
	if (!isNumber || definition.type === OBJLNK) throw new Refused(EINVAL, `${path} holds ${wanted(definition)}`);
	if (option === "-f") return Number(number).toFixed(6);
	if (
		option === "-b"
			? number !== 0 && number !== 1
			: width
				? !isWithin(number, option, width)
				: ofFloat(Number(number), TIME) === undefined
	)
		throw new Refused(EINVAL, `${show(definition, value)} does not fit ${option}`);
	return String(number);
}

export function write({ client }: Context, words: readonly string[]): Reply {
	const { model } = client.registry;
	const option = words.length === 3 ? words[1]! : "-s";
	const word = words[words.length - 1]!;
	const width = widthOf(option);
	if (!(width || ["-s", "-b", "-f", "-t", "-v", "-x"].includes(option))) return `can't recognize data type ${option}`;
	const target = resourceAt(model, words[0]!);
	const { path, definition } = target;
	const { type } = definition;
	const isText = type === STRING || type === CORELNK;
	let value: Value | undefined;
	if (option === "-x" || (option === "-v" && type === OPAQUE)) value = type === OPAQUE ? fromHex(word) : undefined;
	else if (option === "-v") value = readWord(word, type);
	else if (option === "-s") value = isText ? word : type === OPAQUE ? encode(word).buffer : undefined;
	else {
		const number = readWord(word, option === "-f" ? FLOAT : INTEGER) as number | bigint | undefined; // of these two types
		if (number === undefined) {
			if (option === "-f") throw new Refused(EINVAL, `${word} is not a number`);
			return `Invalid number: ${word}`;
		}
		if (width && !isWithin(number, option, width)) throw new Refused(EINVAL, `${word} does not fit ${option}`);
		if (option === "-b" || type === BOOLEAN) value = ofTruth(Number(number), option, type);
		else if (type !== OBJLNK) value = typeof number === "bigint" ? ofInteger(number, type) : ofFloat(number, type);
	}
	if (value === undefined || !fits(definition, value)) throw new Refused(EINVAL, `${path} wants ${wanted(definition)}`);
	store(model, target, value);
	return undefined;
}

/** What is written passes the application's handlers, as a server's write does. */
function store(model: Model, target: Target, value: Value): void {
	const { path, node, object, instance, resource, resourceInstance } = target;
	// a blank board has no accounts: those of objects 0 and 1 come with their first resource
	const isMissing = !node.instances[instance];
	const isMissingPart =
		resourceInstance >= 0 && model.stored(object, instance, resource, resourceInstance) === undefined;
	if (object > SERVER && (isMissing || isMissingPart))
		throw new Refused(ENOENT, isMissing ? `no instance ${object}/${instance}` : `no resource instance ${path}`);
	if (isMissing && !model.createInstance(object, instance)) throw new Refused(ENOMEM, `object ${object} is full`);
	const handler = model.handler(object, instance, resource);
	const code =
		handler?.validate?.(value, instance, resourceInstance) || handler?.write?.(value, instance, resourceInstance);
	if (typeof code === "number" && code >= 0x80)
		throw new Refused(EINVAL, `the application refuses it, ${codeText(code)}`);
	if (!model.assign(object, instance, resource, resourceInstance, value))
		throw new Refused(ENOMEM, `${path} holds no more instances`);
}

export function create({ client }: Context, [path]: readonly string[]): Reply {
	const { model } = client.registry;
	const [object, instance, , resourceInstance] = parse(path!, 2, 4) as [number, number, number?, number?];
	const { definition, instances } = nodeAt(model, object);
	if (resourceInstance !== undefined) {
		const target = resourceAt(model, path!);
		if (!instances[instance]) throw new Refused(ENOENT, `no instance ${object}/${instance}`);
		if (model.stored(object, instance, target.resource, resourceInstance) !== undefined)
			throw new Refused(EEXIST, `${path} exists`);
		if (!model.assign(object, instance, target.resource, resourceInstance, zeroOf(target.definition)))
			throw new Refused(ENOMEM, `${path}: the resource holds no more instances`);
		return undefined;
	}
	parse(path!, 2, 2);
	if (instances[instance]) throw new Refused(EEXIST, `${path} exists`);
	if ((definition.isSingle && instance !== 0) || !model.createInstance(object, instance))
		throw new Refused(ENOMEM, `object ${object} holds at most ${definition.instances} instances`);
	return undefined;
}

export function remove({ client }: Context, [path]: readonly string[]): Reply {
	const { model } = client.registry;
	const [object, instance, resource, resourceInstance] = parse(path!, 2, 4) as [number, number, number?, number?];
	nodeAt(model, object);
	if (resource !== undefined && resourceInstance === undefined) parse(path!, 2, 2);
	const isGone =
		resourceInstance === undefined
			? model.deleteInstance(object, instance)
			: model.remove(object, instance, resource!, resourceInstance);
	if (!isGone) throw new Refused(ENOENT, `no instance ${path}`);
	return undefined;
}

export function execute({ client }: Context, [path, parameters = ""]: readonly string[]): Reply {
	const { model } = client.registry;
	let ids: number[];
	try {
		ids = parse(path!, 3, 3);
	} catch {
		return `Illegal path (PATH ${path})`;
	}
	const [object, instance, resource] = ids as [number, number, number];
	const node = model.objects[object];
	if (!node?.instances[instance] || !node.definition.resources[resource]) return `Resource not found: ${path}`;
	const handler = model.handler(object, instance, resource);
	if (node.definition.resources[resource]!.type !== NONE || !handler?.execute) return `No execute callback! ${path}`;
	if (!handler.takesAnyText && !parseArguments(parameters))
		return `returned (err ${EINVAL}): ${parameters} is not a list of arguments, 0='abc',1`;
	const outcome = handler.execute(parameters, instance);
	return outcome !== LATER && typeof outcome === "number" && outcome >= 0x80
		? `returned (err ${EINVAL}): ${path} refuses, ${codeText(outcome)}`
		: undefined;
}

/** Lines of 16 bytes, `00000000: 41 42 … |AB…|`, as Zephyr's shell prints them. */
class Dump implements Lines {
	#bytes: Uint8Array;
	#at = 0;

	constructor(bytes: Uint8Array) {
		this.#bytes = bytes;
	}

	next(): string | undefined {
		const at = this.#at;
		if (at >= this.#bytes.length) return undefined;
		this.#at = at + DUMP_BYTES;
		const line = this.#bytes.subarray(at, at + DUMP_BYTES);
		const head = hex(line.subarray(0, 8), " ").padEnd(24);
		const tail = hex(line.subarray(8), " ").padEnd(24);
		let text = "";
		for (let i = 0; i < DUMP_BYTES; i++) {
			const byte = line[i] ?? 0x20;
			text += (i === 8 ? " " : "") + (byte < 0x20 || byte > 0x7e ? "." : String.fromCharCode(byte));
		}
		return `${at.toString(16).toUpperCase().padStart(8, "0")}: ${head} ${tail}|${text}|`;
	}
}

/** The bits of `-u8` to `-s64`, 0 for any other option. */
function widthOf(option: string): number {
	const bits = Number(option.slice(2));
	return (option.startsWith("-u") || option.startsWith("-s")) && [8, 16, 32, 64].includes(bits) ? bits : 0;
}

function isWithin(value: number | bigint, option: string, bits: number): boolean {
	if (typeof value === "number" && !Number.isInteger(value)) return false;
	const whole = BigInt(value);
	return whole === (option.startsWith("-u") ? BigInt.asUintN(bits, whole) : BigInt.asIntN(bits, whole));
}

/** Zephyr takes every number but 0 as true for `-b`; integers onto a boolean have to be 0 or 1. */
function ofTruth(number: number, option: string, type: ResourceType): Value | undefined {
	if (option !== "-b" && number !== 0 && number !== 1) return undefined;
	return type === BOOLEAN ? number !== 0 : ofInteger(number === 0 ? 0 : 1, type);
}

/** Reads a word as a value of the type in plain text. OMA-TS-LightweightM2M_Core-V1_1_1 appendix C */
function readWord(word: string, type: ResourceType): Value | undefined {
	const bytes = encode(word);
	textCodec.open(bytes, 0, bytes.length);
	return textCodec.value(type);
}

/** What a new resource instance holds before it is written. */
function zeroOf({ type, range, only }: ResourceDefinition): Value {
	const least = range?.[0] ?? only?.[0] ?? 0;
	if (type === STRING || type === CORELNK) return " ".repeat(least);
	if (type === OPAQUE) return new ArrayBuffer(least);
	return type === BOOLEAN ? false : least;
}

function encode(text: string): Uint8Array<ArrayBuffer> {
	const bytes = new Uint8Array(textBytes(text));
	writeText(bytes, 0, text);
	return bytes;
}

function fromHex(text: string): ArrayBuffer | undefined {
	const bytes = new Uint8Array(text.length >> 1);
	for (let i = 0; i < bytes.length; i++) {
		const digits = text.slice(2 * i, 2 * i + 2);
		const byte = Number.parseInt(digits, 16);
		if ((byte < 16 ? "0" : "") + byte.toString(16) !== digits.toLowerCase()) return undefined;
		bytes[i] = byte;
	}
	return text.length % 2 === 0 ? bytes.buffer : undefined;
}

/** A value as a C program has it in memory: little-endian, integers in the fewest of 1, 2, 4 and 8 bytes. */
function bytesOf(value: Value, type: ResourceType): Uint8Array {
	if (typeof value === "string") return encode(value);
	if (value instanceof ArrayBuffer) return new Uint8Array(value);
	let size = 8;
	const bytes = new Uint8Array(size);
	if (type === FLOAT) writeFloat(bytes, 0, Number(value), size);
	else {
		// of an object link, first the object and then the instance
		const whole =
			type === OBJLNK ? BigInt(Number(value) % 65536) * 65536n + BigInt(Number(value) >>> 16) : BigInt(value);
		if (type === OBJLNK) size = 4;
		else if (type !== TIME)
			for (
				size = 1;
				size < 8 && BigInt.asIntN(8 * size, whole) !== whole && BigInt.asUintN(8 * size, whole) !== whole;
			)
				size *= 2;
		writeBig(bytes, 0, whole, size);
	}
	return bytes.subarray(0, size).reverse();
}

/** CRC-32 of IEEE 802.3. */
function crc32(bytes: Uint8Array): number {
	let crc = -1;
	for (const byte of bytes) {
		crc ^= byte;
		for (let i = 0; i < 8; i++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
	}
	return ~crc >>> 0;
}

function codeText(code: number): string {
	return `${code >> 5}.${String(code & 31).padStart(2, "0")}`;
}
