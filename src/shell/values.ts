// lwm2m read, write, create, delete, exec, ls: what the registry holds. The shell acts as the device itself: what is
// read-only or hidden for a server may be written, of the right type and within its range. Keys are never shown.
import { readText, textBytes, writeBig, writeFloat, writeText } from "../bytes.js";
import { text } from "../codec/text.js";
import { ofFloat, ofInteger } from "../codec/value.js";
import { OPAQUE_BYTES } from "../config.js";
import { parseArguments } from "../lwm2m/arguments.js";
import { BOOLEAN, FLOAT, INTEGER, OBJLNK, OPAQUE, TIME } from "../lwm2m/definition.js";
import { fits, isMultiple, type Model, wanted } from "../lwm2m/model.js";
import type { Value } from "../lwm2m/path.js";
import { type Commands, type Context, type Parts, type Reply, refuse } from "./command.js";
import { isSecret, Place } from "./place.js";

const OPTIONS = " -crc32 -x -s -b -f -t -v -u8 -u16 -u32 -u64 -s8 -s16 -s32 -s64 ";
/** Where the options of `write` begin. */
const WRITE_OPTIONS = 7;

export const valueCommands: Commands = Object.freeze({
	read(context: Context, word: string, words: readonly string[]): Reply {
		const option = words[1] ?? "-x";
		if (!OPTIONS.includes(` ${option} `)) return unknownOption(option);
		const place = placeOf(context, word, 3);
		const definition = place.define();
		const type = definition.type;
		if (isSecret(definition)) refuse(-1, `${word} is secret`); // EPERM
		let value = place.value();
		if (option === "-x") return dump(bytesOf(value, type));
		if (option === "-crc32") return `${crc32(bytesOf(value, type))}`;
		if (option === "-s" && value instanceof ArrayBuffer)
			value = readText(new Uint8Array(value), 0, value.byteLength) ?? value;
		if (option === "-s" || option === "-v") return plain(value, type);
		if (typeof value === "string" || value instanceof ArrayBuffer || type === OBJLNK)
			refuse(-22, `${word} holds ${wanted(definition)}`);
		const number = typeof value === "bigint" ? value : Number(value);
		return option === "-f" ? fixed(number) : `${within(number, option)}`;
	},

	write(context: Context, word: string, words: readonly string[]): Reply {
		const { record } = context.client.registry.model;
		const option = words.length > 2 ? words[1]! : "-s";
		const typed = words[words.length - 1]!;
		if (OPTIONS.indexOf(` ${option} `) < WRITE_OPTIONS) return unknownOption(option);
		const place = placeOf(context, word, 3);
		const definition = place.define();
		const type = definition.type;
		const instance = place.instance;
		const bytes = encode(typed);
		text.open(record, bytes, 0, bytes.length);
		let value: Value | undefined;
		if (option === "-s") value = type === OPAQUE ? bytes.buffer : typed;
		else if (option === "-x" || (option === "-v" && type === OPAQUE)) value = fromHex(typed);
		else if (option === "-v") value = text.value(record, type);
		else {
			let number = text.value(record, option === "-f" ? FLOAT : INTEGER) as number | bigint | undefined; // of these two types
			if (number === undefined) return `Invalid number: ${typed}`;
			if (option === "-b") number = number ? 1 : 0;
			if (option !== "-f") within(number, option);
			if (type === BOOLEAN) value = number === 0 ? false : number === 1 ? true : undefined;
			else value = typeof number === "bigint" ? ofInteger(number, type) : ofFloat(number, type);
		}
		if (value === undefined || !fits(definition, value)) refuse(-22, `${word} wants ${wanted(definition)}`);
		// a blank board has no accounts: those of objects 0 and 1 come with their first resource
		if (place.object > 1) {
			place.enter();
			if (place.part >= 0) place.exist();
		}
		const handler = place.handler();
		const refusal =
			handler?.validate?.(value, instance, place.part) || handler?.write?.(value, instance, place.part) || 0;
		if ((refusal as number) >= 0x80) refuse(-22, `refused by the application, ${codeText(refusal as number)}`); // LATER is no number
		if (!place.node?.instances[instance]) place.make();
		place.store(value);
	},

	create(context: Context, word: string): Reply {
		const place = placeOf(context, word, 2);
		if (place.depth < 3) {
			if (place.find().instances[place.instance]) exists(word);
			return place.make();
		}
		place.enter();
		const { type, range } = place.define();
		const least = range ? range[0] : 0;
		if (place.stored() !== undefined) exists(word);
		place.store(
			type === OPAQUE ? new ArrayBuffer(least) : type === BOOLEAN ? false : type < INTEGER ? " ".repeat(least) : least,
		);
	},

	delete(context: Context, word: string): Reply {
		const { model } = context.client.registry;
		const place = placeOf(context, word, 2);
		const depth = place.depth;
		place.enter();
		if (depth === 3) refuse(-22, `${word} is neither an object instance nor a resource instance`);
		if (depth < 3) model.deleteInstance(place.object, place.instance);
		else {
			place.exist();
			model.remove(place.object, place.instance, place.resource, place.part);
		}
	},

	exec(context: Context, word: string, words: readonly string[]): Reply {
		const parameters = words[1] ?? "";
		const place = placeOf(context, word, -1);
		const { node, instance } = place;
		if (place.depth !== 3) return `Illegal path (PATH ${word})`;
		if (!node?.instances[instance] || !node.definition.resources[place.resource]) return `Resource not found: ${word}`;
		const handler = place.handler();
		if (!handler?.execute) return `No execute callback! ${word}`;
		if (!handler.takesAnyText && !parseArguments(parameters))
			return `returned (err -22): ${parameters} is no argument list, 0='abc',1`;
		const outcome = handler.execute(parameters, instance) as number; // LATER is no number, and less than nothing
		return outcome >= 0x80 ? `returned (err -22): refused, ${codeText(outcome)}` : undefined;
	},

	ls(context: Context, word: string): Reply {
		const place = placeOf(context, word || "/", 0);
		const depth = place.depth;
		if (depth > 0) place.find();
		if (depth > 1) place.enter();
		if (depth > 2) {
			place.define();
			if (depth > 3 || place.part < 0) place.value();
		}
		return walk(place.model, depth > 0 ? `${place.absolute()}/` : "/");
	},
});

function placeOf({ client }: Context, path: string, least: number): Place {
	return new Place(client.registry.model, path, least);
}

/** The values whose paths begin so, one at a time. What comes and goes meanwhile does no harm. */
function walk(model: Model, prefix: string): Parts {
	let o = 0;
	let i = 0;
	let r = 0;
	let p = 0;
	return () => {
		const node = model.objects[model.objectIds[o]!];
		if (!node) return undefined;
		const instance = node.instanceIds[i];
		const resource = node.definition.ids[r];
		const value = node.instances[instance!]?.[resource!];
		const part = isMultiple(value) ? value.ids[p++] : p++ > 0 ? undefined : -1;
		const path = `${node.definition.id}/${instance}/${resource}${part! < 0 ? "" : `/${part}`}`;
		if (instance === undefined) {
			o++;
			i = r = p = 0;
		} else if (resource === undefined) {
			i++;
			r = p = 0;
		} else if (part === undefined) {
			r++;
			p = 0;
		} else if (`/${path}/`.startsWith(prefix)) return lineOf(model, path);
		return "";
	};
}

/** `3/0/0 : value`, "" where there is none. Of opaques the length alone, so that keys stay unseen. */
export function lineOf(model: Model, path: string): string {
	try {
		const place = new Place(model, path, 3);
		const { type, range } = place.define();
		const value = place.value();
		return `${path} : ${value instanceof ArrayBuffer ? `OPAQUE(${value.byteLength}/${range?.[1] ?? OPAQUE_BYTES})` : type === FLOAT ? fixed(value) : plain(value, type)}`;
	} catch {
		// executable, without a value, or its handler has none now
		return "";
	}
}

function fixed(value: Value): string {
	return Number(value).toFixed(6);
}

/** A value in the form that `write -v` takes. */
function plain(value: Value, type: number): string {
	if (typeof value === "boolean") return value ? "1" : "0";
	if (type === OBJLNK) return `${(value as number) >>> 16}:${(value as number) & 0xffff}`; // `fits` lets nothing else in
	if (!(value instanceof ArrayBuffer)) return `${value}`;
	const bytes = new Uint8Array(value);
	let digits = "";
	for (let i = 0; i < bytes.length; i++) digits += hex(bytes[i]!);
	return digits;
}

/** Lines of 16 bytes, `00000000: 41 42 … |AB…|`, as Zephyr's shell prints them. */
function dump(bytes: Uint8Array): Parts {
	return (n) => {
		const at = 16 * n;
		let line = `${at.toString(16).toUpperCase().padStart(8, "0")}: `;
		let characters = "|";
		if (at >= bytes.length) return undefined;
		for (let i = at; i < at + 16; i++) {
			const byte = bytes[i] ?? 0x20;
			if (i === at + 8) {
				line += " ";
				characters += " ";
			}
			line += i < bytes.length ? `${hex(byte)} ` : "   ";
			characters += byte < 0x20 || byte > 0x7e ? "." : String.fromCharCode(byte);
		}
		return `${line}${characters}|`;
	};
}

/** A value as a C program has it in memory: little-endian, integers in the fewest of 1, 2, 4 and 8 bytes. */
function bytesOf(value: Value, type: number): Uint8Array {
	if (typeof value === "string") return encode(value);
	if (value instanceof ArrayBuffer) return new Uint8Array(value);
	const bytes = new Uint8Array(8);
	if (type === FLOAT) writeFloat(bytes, 0, Number(value), 8);
	else writeBig(bytes, 0, BigInt(value), 8);
	let size = type === FLOAT || type === TIME ? 8 : 1;
	while (size < 8 && !isWithin(Number(value), 8 * size - 1, true)) size *= 2;
	return bytes.reverse().subarray(0, size);
}

/** True for a whole number of that many bits, and a sign where it may have one. */
function isWithin(value: number | bigint, bits: number, isSigned: boolean): boolean {
	const top = 2 ** bits;
	return Number.isInteger(Number(value)) && value < top && value >= (isSigned ? -top : 0);
}

/** Refuses what the option's C type does not hold: `-u8` to `-s64`, `-t` is 64 bits, `-b` one. */
function within(value: number | bigint, option: string): number | bigint {
	const isSigned = option !== "-b" && !option.startsWith("-u");
	const bits = option === "-b" ? 1 : Number(option.slice(2)) || 64;
	if (!isWithin(value, isSigned ? bits - 1 : bits, isSigned)) refuse(-22, `${value} does not fit ${option}`);
	return value;
}

function encode(word: string): Uint8Array<ArrayBuffer> {
	const bytes = new Uint8Array(textBytes(word));
	writeText(bytes, 0, word);
	return bytes;
}

function fromHex(word: string): ArrayBuffer | undefined {
	const bytes = new Uint8Array(word.length >> 1);
	for (let i = 0; i < word.length; i += 2) {
		const byte = Number(`0x${word.slice(i, i + 2)}`);
		if (!(byte >= 0) || word.length % 2 > 0) return undefined;
		bytes[i >> 1] = byte;
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

function unknownOption(option: string): string {
	return `can't recognize data type ${option}`;
}

function exists(path: string): never {
	refuse(-17, `${path} exists`); // EEXIST
}
