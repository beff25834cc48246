// lwm2m read, write, create, delete, exec, ls: what the registry holds. The shell acts as the device itself: what is
// read-only or hidden for a server may be written, of the right type and within its range. Keys are never shown.
import { readText, textBytes, writeBig, writeFloat, writeText } from "../bytes.js";
import { text } from "../codec/text.js";
import { ofFloat, ofInteger } from "../codec/value.js";
import { OPAQUE_BYTES } from "../config.js";
import { parseArguments } from "../lwm2m/arguments.js";
import { BOOLEAN, FLOAT, INTEGER, isNumeric, OBJLNK, OPAQUE, TIME } from "../lwm2m/definition.js";
import { fits, isMultiple, type Model, wanted } from "../lwm2m/model.js";
import type { Value } from "../lwm2m/path.js";
import { fromHex, toHex } from "../scan.js";
import { type Parts, type Reply, refuse } from "./command.js";
import { isSecret, Place } from "./place.js";

const DATA_TYPES = "-x -s -b -f -t -v -crc32 -u8 -u16 -u32 -u64 -s8 -s16 -s32 -s64";
const HEX = "0123456789ABCDEF";

/** Carries out a command on a path. @returns undefined also where it is none of these */
export function valueCommands(model: Model, words: readonly string[]): Reply {
	const name = words[0];
	const path = words[1] ?? "/";
	const last = words[2];
	switch (name) {
		case "read":
		case "write": {
			const isRead = name === "read";
			const option = words.length > 3 || isRead ? (last ?? "-x") : "-s";
			if (!DATA_TYPES.split(" ").includes(option) || (option === "-crc32" && !isRead))
				return `can't recognize data type ${option}`;
			const place = new Place(model, path, 3);
			return isRead ? read(place, option) : write(place, option, words[words.length - 1]!);
		}
		case "create": {
			const place = new Place(model, path, 2);
			const isResource = place.depth > 2;
			if (isResource) {
				place.enter();
				place.define();
			}
			if (isResource ? place.stored() !== undefined : place.find().instances[place.instance])
				refuse(-17, "% exists", path); // EEXIST
			if (!isResource) return place.make();
			const { type, range } = place.define();
			const least = range ? range[0] : 0;
			return place.store(
				type === OPAQUE
					? new ArrayBuffer(least)
					: type === BOOLEAN
						? false
						: type < INTEGER
							? " ".repeat(least)
							: least,
			);
		}
		case "delete": {
			const place = new Place(model, path, 2);
			const { depth, object, instance } = place;
			if (depth === 3) refuse(-22, "% is neither an object instance nor a resource instance", path);
			place.exist();
			if (depth < 3) model.deleteInstance(object, instance);
			else model.remove(object, instance, place.resource, place.part);
			return;
		}
		case "exec":
			return execute(new Place(model, path, -1), last ?? "");
		case "ls": {
			const place = new Place(model, path, 0);
			const depth = place.depth;
			if (depth > 0) place.find();
			if (depth > 1) place.enter();
			if (depth > 2) {
				place.define();
				if (depth > 3 || place.part < 0) place.value();
			}
			return walk(model, depth > 0 ? `${place.absolute()}/` : "/");
		}
	}
}

function read(place: Place, option: string): Reply {
	const { model, path } = place;
	const definition = place.define();
	const type = definition.type;
	if (isSecret(model, path)) refuse(-1, "% is secret", path); // EPERM
	let value = place.value();
	if (option === "-x") return dump(bytesOf(value, type));
	if (option === "-crc32") return `${crc32(bytesOf(value, type))}`;
	if (option === "-s" && value instanceof ArrayBuffer)
		value = readText(new Uint8Array(value), 0, value.byteLength) ?? value;
	if (option === "-s" || option === "-v") return plain(value, type);
	if (type !== BOOLEAN && !isNumeric(type)) refuse(-22, "% holds %", path, wanted(definition));
	const number = typeof value === "bigint" ? value : Number(value);
	return option === "-f" ? fixed(number) : `${within(number, option)}`;
}

function write(place: Place, option: string, typed: string): Reply {
	const { model, path, instance } = place;
	const record = model.record;
	const definition = place.define();
	const type = definition.type;
	const bytes = encode(typed);
	let value: Value | undefined;
	text.open(record, bytes, 0, bytes.length);
	if (option === "-s") value = type === OPAQUE ? bytes.buffer : typed;
	else if (option === "-x" || (option === "-v" && type === OPAQUE)) value = fromHex(typed)?.buffer;
	else if (option === "-v") value = text.value(record, type);
	else {
		let number = text.value(record, option === "-f" ? FLOAT : INTEGER) as number | bigint | undefined; // of these two types
		if (number === undefined) return `Invalid number: ${typed}`;
		if (option === "-b") number = number ? 1 : 0;
		if (option !== "-f") within(number, option);
		if (type === BOOLEAN) value = number === 0 ? false : number === 1 ? true : undefined;
		else value = typeof number === "bigint" ? ofInteger(number, type) : ofFloat(number, type);
	}
	if (value === undefined || !fits(definition, value)) refuse(-22, "% wants %", path, wanted(definition));
	// a blank board has no accounts: those of objects 0 and 1 come with their first resource
	if (place.object > 1) place.exist();
	const { part } = place;
	const handler = place.handler();
	const refusal = handler?.validate?.(value, instance, part) || handler?.write?.(value, instance, part) || 0;
	if ((refusal as number) >= 0x80) refuse(-22, "refused by the application, %", codeText(refusal as number)); // LATER is no number
	if (!place.node?.instances[instance]) place.make();
	place.store(value);
}

function execute(place: Place, parameters: string): Reply {
	const { path, node, instance } = place;
	if (place.depth !== 3) return `Illegal path (PATH ${path})`;
	if (!node?.instances[instance] || !node.definition.resources[place.resource]) return `Resource not found: ${path}`;
	const handler = place.handler();
	if (!handler?.execute) return `No execute callback! ${path}`;
	if (!handler.takesAnyText && !parseArguments(parameters))
		return `returned (err -22): ${parameters} is no argument list, 0='abc',1`;
	const outcome = handler.execute(parameters, instance) as number; // LATER is no number, and less than nothing
	return outcome >= 0x80 ? `returned (err -22): refused, ${codeText(outcome)}` : undefined;
}

/** The values whose paths begin so, one at a time. What comes and goes meanwhile does no harm. */
function walk(model: Model, prefix: string): Parts {
	let o = 0;
	let i = 0;
	let r = 0;
	let p = 0;
	return () => {
		const node = model.objects[model.objectIds[o]!];
		if (!node) return;
		const instance = node.instanceIds[i]!;
		const resource = node.definition.ids[r]!;
		const value = node.instances[instance]?.[resource];
		const part = isMultiple(value) ? value.ids[p++] : p++ > 0 ? undefined : -1;
		if (instance === undefined) {
			o++;
			i = r = p = 0;
		} else if (resource === undefined) {
			i++;
			r = p = 0;
		} else if (part === undefined) {
			r++;
			p = 0;
		} else {
			const path = pathOf(node.definition.id, instance, resource, part);
			if (`/${path}/`.startsWith(prefix)) return lineOf(model, path);
		}
		return "";
	};
}

/** @param part -1 of a single resource */
export function pathOf(object: number, instance: number, resource: number, part: number): string {
	return `${object}/${instance}/${resource}${part < 0 ? "" : `/${part}`}`;
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
	return value instanceof ArrayBuffer ? toHex(new Uint8Array(value)) : `${value}`;
}

/** Lines of 16 bytes, `00000000: 41 42 … |AB…|`, as Zephyr's shell prints them. */
function dump(bytes: Uint8Array): Parts {
	return (n) => {
		const at = 16 * n;
		let line = "";
		for (let shift = 28; shift >= 0; shift -= 4) line += HEX[(at >>> shift) & 15];
		line += ": ";
		let characters = "|";
		if (at >= bytes.length) return;
		for (let i = at; i < at + 16; i++) {
			const byte = bytes[i] ?? 0x20;
			const gap = i === at + 8 ? " " : "";
			line += `${gap}${i < bytes.length ? toHex(bytes.subarray(i, i + 1)) : "  "} `;
			characters += gap + (byte < 0x20 || byte > 0x7e ? "." : String.fromCodePoint(byte));
		}
		return `${line}${characters}|`;
	};
}

/** A value as a C program has it in memory: little-endian, integers in the fewest of 1, 2, 4 and 8 bytes. */
function bytesOf(value: Value, type: number): Uint8Array {
	if (typeof value === "string") return encode(value);
	if (value instanceof ArrayBuffer) return new Uint8Array(value);
	let size = type === FLOAT || type === TIME ? 8 : 1;
	while (size < 8 && !isWithin(Number(value), 8 * size - 1, true)) size *= 2;
	const big = new Uint8Array(size);
	if (type === FLOAT) writeFloat(big, 0, Number(value), 8);
	else writeBig(big, 0, typeof value === "bigint" ? value : Number(value), size);
	const bytes = new Uint8Array(size);
	for (let i = 0; i < size; i++) bytes[i] = big[size - 1 - i]!;
	return bytes;
}

/** True for a whole number of that many bits, and a sign where it may have one. */
function isWithin(value: number | bigint, bits: number, isSigned: boolean): boolean {
	let top = 1;
	for (let i = 0; i < bits; i++) top *= 2;
	return Number.isInteger(Number(value)) && value < top && value >= (isSigned ? -top : 0);
}

/** Refuses what the option's C type does not hold: `-u8` to `-s64`, `-t` is 64 bits, `-b` one. */
function within(value: number | bigint, option: string): number | bigint {
	const bits = option === "-b" ? 1 : Number(option.slice(2)) || 64;
	const isSigned = bits > 1 && !option.startsWith("-u");
	if (!isWithin(value, isSigned ? bits - 1 : bits, isSigned)) refuse(-22, "% does not fit %", value, option);
	return value;
}

function encode(word: string): Uint8Array<ArrayBuffer> {
	const bytes = new Uint8Array(textBytes(word));
	writeText(bytes, 0, word);
	return bytes;
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

function codeText(code: number): string {
	return `${code >> 5}.${`${100 + (code & 31)}`.slice(1)}`;
}
