// application/vnd.oma.lwm2m+tlv (11542). OMA-TS-LightweightM2M_Core-V1_1_1 7.4.4. One entry:
//
//    0   1   2   3   4   5   6   7
//   +-------+---+-------+-----------+--------+------------+-----------+
//   | kind  |id | bytes | length    | id     | length     | value     |
//   |       |16 | of len| below 8   | 8 or 16| 0, 8, 16 or|           |
//   |       |   |       |           | bits   | 24 bits    |           |
//   +-------+---+-------+-----------+--------+------------+-----------+
//
// kind 0 object instance (holds kinds 2 and 3), 1 resource instance, 2 multiple resource (holds kind 1), 3 resource.
// A Read of an object gives instance entries, of an instance resource entries, of a resource its one entry. A Read of a
// resource instance gives the resource instance entry alone: the standard shows none, and Leshan refuses one that is
// wrapped in its multiple resource. The length of a container is known at its end: its content then moves up.
// Nesting is bounded by the kinds. Nothing is allocated but values.

import {
	copy,
	floatSize,
	readFloat,
	readSigned,
	readText,
	readUnsigned,
	textBytes,
	writeBig,
	writeFloat,
	writeText,
} from "../bytes.js";
import { next as step } from "../lwm2m/cursor.js";
import type { Cursor } from "../lwm2m/cursor-state.js";
import type { Decoded } from "../lwm2m/decoded.js";
import {
	BOOLEAN,
	CORELNK,
	FLOAT,
	INTEGER,
	OBJLNK,
	OPAQUE,
	type ResourceType,
	STRING,
	TIME,
	UNSIGNED,
} from "../lwm2m/definition.js";
import { objectLink, type Value } from "../lwm2m/path.js";
import { type Codec, END, MALFORMED, RECORD, TLV } from "./codec.js";
import { setPath, setTime } from "./record.js";
import { copyOut, ofInteger } from "./value.js";

const INSTANCE = 0x00;
const RESOURCE_INSTANCE = 0x40;
const MULTIPLE = 0x80;
const RESOURCE = 0xc0;

export const tlv: Codec = Object.freeze({ format: TLV, isSingle: false, encode, open, next, value, hasValue });

function encode(cursor: Cursor, into: Uint8Array, at: number): number {
	if (cursor.rootObject < 0) return -1; // an entry of an object does not exist
	let instanceAt = -1;
	let multipleAt = -1;
	let lastInstance = -1;
	let lastResource = -1;
	while (step(cursor)) {
		if (multipleAt >= 0 && (cursor.resource !== lastResource || cursor.instance !== lastInstance)) {
			at = close(into, multipleAt, at, MULTIPLE, lastResource);
			multipleAt = -1;
		}
		if (cursor.instance !== lastInstance) {
			if (instanceAt >= 0) at = close(into, instanceAt, at, INSTANCE, lastInstance);
			lastInstance = cursor.instance;
			if (cursor.rootInstance < 0) {
				instanceAt = at;
				at += cursor.instance > 0xff ? 3 : 2;
			}
		}
		if (cursor.resourceInstance < 0) at = writeEntry(cursor, into, at, RESOURCE, cursor.resource);
		else {
			if (multipleAt < 0 && cursor.rootResourceInstance < 0) {
				multipleAt = at;
				lastResource = cursor.resource;
				at += cursor.resource > 0xff ? 3 : 2;
			}
			at = writeEntry(cursor, into, at, RESOURCE_INSTANCE, cursor.resourceInstance);
		}
	}
	if (multipleAt >= 0) at = close(into, multipleAt, at, MULTIPLE, lastResource);
	return instanceAt >= 0 ? close(into, instanceAt, at, INSTANCE, lastInstance) : at;
}

/** Writes the header of a container for which the least header has been left free, and moves its content if need be. */
function close(into: Uint8Array, headerAt: number, at: number, kind: number, id: number): number {
	const contentAt = headerAt + (id > 0xff ? 3 : 2);
	const length = at - contentAt;
	const more = length < 8 ? 0 : length < 0x100 ? 1 : length < 0x10000 ? 2 : 3;
	if (more > 0 && at + more <= into.length) copy(into, contentAt + more, into, contentAt, at);
	writeHeader(into, headerAt, kind, id, length);
	return at + more;
}

function writeHeader(into: Uint8Array, at: number, kind: number, id: number, length: number): number {
	const size = length < 8 ? 0 : length < 0x100 ? 1 : length < 0x10000 ? 2 : 3;
	const type = kind | (size === 0 ? length : size << 3);
	if (id > 0xff) {
		into[at] = type | 0x20;
		into[at + 1] = id >> 8;
		into[at + 2] = id;
		at += 3;
	} else {
		into[at] = type;
		into[at + 1] = id;
		at += 2;
	}
	return size === 0 ? at : writeBig(into, at, length, size);
}

/** Writes the value at the cursor as an entry. */
function writeEntry(cursor: Cursor, into: Uint8Array, at: number, kind: number, id: number): number {
	const of = cursor.value;
	if (typeof of === "number") {
		if (cursor.type === FLOAT) {
			const size = floatSize(of) > 4 ? 8 : 4;
			return writeFloat(into, writeHeader(into, at, kind, id, size), of, size);
		}
		const size = cursor.type === OBJLNK ? 4 : integerSize(of);
		return writeBig(into, writeHeader(into, at, kind, id, size), of, size);
	}
	if (typeof of === "string") return writeText(into, writeHeader(into, at, kind, id, textBytes(of)), of);
	if (typeof of === "boolean") {
		at = writeHeader(into, at, kind, id, 1);
		into[at] = of ? 1 : 0;
		return at + 1;
	}
	if (typeof of === "bigint") {
		const size = integerSize(of);
		return writeBig(into, writeHeader(into, at, kind, id, size), of, size);
	}
	at = writeHeader(into, at, kind, id, of.byteLength);
	return copy(into, at, new Uint8Array(of), 0, of.byteLength);
}

/** For unsigned integers too the size leaves room for a sign: Leshan reads them as signed ones. */
function integerSize(value: number | bigint): number {
	if (value >= -0x80 && value < 0x80) return 1;
	if (value >= -0x8000 && value < 0x8000) return 2;
	return value >= -0x80000000 && value < 0x80000000 ? 4 : 8;
}

function open(record: Decoded, of: Uint8Array, start: number, last: number): void {
	record.from = of;
	record.at = start;
	record.end = last;
	record.instanceEnd = record.multipleEnd = -1;
	record.hasInstance = record.hasBare = false;
	record.isEmpty = true;
	setTime(record, Number.NaN);
	record.status = record.baseObject < 0 ? MALFORMED : RECORD;
}

function next(record: Decoded): number {
	if (record.status !== RECORD) return record.status;
	record.isEmpty = true;
	record.status = readRecord(record);
	return record.status;
}

function hasValue(record: Decoded): boolean {
	return !record.isEmpty;
}

function readRecord(record: Decoded): number {
	for (;;) {
		if (record.multipleEnd >= 0) {
			if (record.at < record.multipleEnd)
				return readHeader(record, record.multipleEnd) && record.kind === RESOURCE_INSTANCE
					? takeInstance(record)
					: MALFORMED;
			record.multipleEnd = -1;
		}
		if (record.instanceEnd >= 0 && record.at >= record.instanceEnd) record.instanceEnd = -1;
		if (record.at >= record.end) return END;
		if (!readHeader(record, record.instanceEnd >= 0 ? record.instanceEnd : record.end)) return MALFORMED;
		if (record.kind === INSTANCE) {
			if (record.instanceEnd >= 0 || record.hasBare) return MALFORMED;
			if (record.baseInstance >= 0 && (record.hasInstance || record.id !== record.baseInstance)) return MALFORMED;
			record.hasInstance = true;
			record.instanceId = record.id;
			record.at = record.valueAt;
			if (record.valueAt === record.valueEnd) return record.baseResource < 0 ? found(record, -1, -1) : MALFORMED;
			record.instanceEnd = record.valueEnd;
		} else {
			if (record.instanceEnd < 0) {
				// entries without an instance around them: all or none
				if (record.hasInstance) return MALFORMED;
				record.hasBare = true;
				record.instanceId = record.baseInstance;
			}
			if (record.kind === RESOURCE_INSTANCE) {
				if (record.baseResource < 0 || record.instanceEnd >= 0) return MALFORMED;
				record.resourceId = record.baseResource;
				return takeInstance(record);
			}
			if (record.baseResource >= 0 && record.id !== record.baseResource) return MALFORMED;
			record.resourceId = record.id;
			if (record.kind === RESOURCE || record.valueAt === record.valueEnd) {
				if (record.baseResourceInstance >= 0) return MALFORMED;
				record.isEmpty = record.kind === MULTIPLE;
				record.at = record.valueEnd;
				return found(record, record.id, -1);
			}
			record.multipleEnd = record.valueEnd;
			record.at = record.valueAt;
		}
	}
}

/** Takes the resource instance entry whose header has been read. */
function takeInstance(record: Decoded): number {
	if (record.baseResourceInstance >= 0 && record.id !== record.baseResourceInstance) return MALFORMED;
	record.isEmpty = false;
	record.at = record.valueEnd;
	return found(record, record.resourceId, record.id);
}

function found(record: Decoded, resource: number, resourceInstance: number): number {
	setPath(record, record.baseObject, record.instanceId, resource, resourceInstance);
	return RECORD;
}

/** Reads the header at `at`. @returns false where it, or the value that it announces, goes beyond the limit */
function readHeader(record: Decoded, limit: number): boolean {
	const type = record.from[record.at]!;
	const idBytes = type & 0x20 ? 2 : 1;
	const lengthBytes = (type >> 3) & 3;
	const first = record.at + 1;
	record.valueAt = first + idBytes + lengthBytes;
	if (record.valueAt > limit) return false;
	record.kind = type & 0xc0;
	record.id = record.from[first]!;
	if (idBytes === 2) record.id = (record.id << 8) | record.from[first + 1]!;
	let length = type & 7; // to be ignored where a length follows, table 7.4.4.-1
	if (lengthBytes > 0) {
		length = 0;
		for (let i = record.valueAt - lengthBytes; i < record.valueAt; ++i) length = (length << 8) | record.from[i]!;
	}
	record.valueEnd = record.valueAt + length;
	return record.valueEnd <= limit && record.id < 65535;
}

function value(record: Decoded, type: ResourceType): Value | undefined {
	if (record.isEmpty || record.status !== RECORD) return undefined;
	if (type === STRING || type === CORELNK) return readText(record.from, record.valueAt, record.valueEnd);
	if (type === OPAQUE) return copyOut(record.from, record.valueAt, record.valueEnd);
	const size = record.valueEnd - record.valueAt;
	if (type === FLOAT) return size === 4 || size === 8 ? readFloat(record.from, record.valueAt, size) : undefined;
	if (type === BOOLEAN) {
		const bit = size === 1 ? record.from[record.valueAt]! : 2;
		return bit < 2 ? bit === 1 : undefined;
	}
	if (size !== 1 && size !== 2 && size !== 4 && size !== 8) return undefined;
	if (type === INTEGER || type === TIME) return ofInteger(readSigned(record.from, record.valueAt, size), type);
	if (type === UNSIGNED) return readUnsigned(record.from, record.valueAt, size);
	if (type !== OBJLNK || size !== 4) return undefined;
	return objectLink(
		Number(readUnsigned(record.from, record.valueAt, 2)),
		Number(readUnsigned(record.from, record.valueAt + 2, 2)),
	);
}
