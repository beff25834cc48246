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
import {
	type as cursorType,
	value as cursorValue,
	instance,
	resource,
	resourceInstance,
	rootInstance,
	rootObject,
	rootResourceInstance,
	next as step,
} from "../lwm2m/cursor.js";
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
import { baseInstance, baseObject, baseResource, baseResourceInstance, setPath, setTime } from "./record.js";
import { copyOut, ofInteger } from "./value.js";

const INSTANCE = 0x00;
const RESOURCE_INSTANCE = 0x40;
const MULTIPLE = 0x80;
const RESOURCE = 0xc0;

let from: Uint8Array;
let end = 0;
let at = 0;
let status = END;
/** The ends of the containers that are being read; -1: not within one. */
let instanceEnd = -1;
let multipleEnd = -1;
let instanceId = -1;
let resourceId = -1;
let hasInstance = false;
let hasBare = false;
/** The entry whose header was read last. */
let kind = 0;
let id = 0;
let valueAt = 0;
let valueEnd = 0;
let isEmpty = true;

export const tlv: Codec = Object.freeze({ format: TLV, isSingle: false, encode, open, next, value, hasValue });

function encode(into: Uint8Array, at: number): number {
	if (rootObject < 0) return -1; // an entry of an object does not exist
	let instanceAt = -1;
	let multipleAt = -1;
	let lastInstance = -1;
	let lastResource = -1;
	while (step()) {
		if (multipleAt >= 0 && (resource !== lastResource || instance !== lastInstance)) {
			at = close(into, multipleAt, at, MULTIPLE, lastResource);
			multipleAt = -1;
		}
		if (instance !== lastInstance) {
			if (instanceAt >= 0) at = close(into, instanceAt, at, INSTANCE, lastInstance);
			lastInstance = instance;
			if (rootInstance < 0) {
				instanceAt = at;
				at += instance > 0xff ? 3 : 2;
			}
		}
		if (resourceInstance < 0) at = writeEntry(into, at, RESOURCE, resource);
		else {
			if (multipleAt < 0 && rootResourceInstance < 0) {
				multipleAt = at;
				lastResource = resource;
				at += resource > 0xff ? 3 : 2;
			}
			at = writeEntry(into, at, RESOURCE_INSTANCE, resourceInstance);
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
function writeEntry(into: Uint8Array, at: number, kind: number, id: number): number {
	const of = cursorValue;
	if (typeof of === "number") {
		if (cursorType === FLOAT) {
			const size = floatSize(of) > 4 ? 8 : 4;
			return writeFloat(into, writeHeader(into, at, kind, id, size), of, size);
		}
		const size = cursorType === OBJLNK ? 4 : integerSize(of);
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

function open(of: Uint8Array, start: number, last: number): void {
	from = of;
	at = start;
	end = last;
	instanceEnd = multipleEnd = -1;
	hasInstance = hasBare = false;
	isEmpty = true;
	setTime(Number.NaN);
	status = baseObject < 0 ? MALFORMED : RECORD;
}

function next(): number {
	if (status !== RECORD) return status;
	isEmpty = true;
	status = readRecord();
	return status;
}

function hasValue(): boolean {
	return !isEmpty;
}

function readRecord(): number {
	for (;;) {
		if (multipleEnd >= 0) {
			if (at < multipleEnd) return readHeader(multipleEnd) && kind === RESOURCE_INSTANCE ? takeInstance() : MALFORMED;
			multipleEnd = -1;
		}
		if (instanceEnd >= 0 && at >= instanceEnd) instanceEnd = -1;
		if (at >= end) return END;
		if (!readHeader(instanceEnd >= 0 ? instanceEnd : end)) return MALFORMED;
		if (kind === INSTANCE) {
			if (instanceEnd >= 0 || hasBare) return MALFORMED;
			if (baseInstance >= 0 && (hasInstance || id !== baseInstance)) return MALFORMED;
			hasInstance = true;
			instanceId = id;
			at = valueAt;
			if (valueAt === valueEnd) return baseResource < 0 ? record(-1, -1) : MALFORMED;
			instanceEnd = valueEnd;
		} else {
			if (instanceEnd < 0) {
				// entries without an instance around them: all or none
				if (hasInstance) return MALFORMED;
				hasBare = true;
				instanceId = baseInstance;
			}
			if (kind === RESOURCE_INSTANCE) {
				if (baseResource < 0 || instanceEnd >= 0) return MALFORMED;
				resourceId = baseResource;
				return takeInstance();
			}
			if (baseResource >= 0 && id !== baseResource) return MALFORMED;
			resourceId = id;
			if (kind === RESOURCE || valueAt === valueEnd) {
				if (baseResourceInstance >= 0) return MALFORMED;
				isEmpty = kind === MULTIPLE;
				at = valueEnd;
				return record(id, -1);
			}
			multipleEnd = valueEnd;
			at = valueAt;
		}
	}
}

/** Takes the resource instance entry whose header has been read. */
function takeInstance(): number {
	if (baseResourceInstance >= 0 && id !== baseResourceInstance) return MALFORMED;
	isEmpty = false;
	at = valueEnd;
	return record(resourceId, id);
}

function record(resource: number, resourceInstance: number): number {
	setPath(baseObject, instanceId, resource, resourceInstance);
	return RECORD;
}

/** Reads the header at `at`. @returns false where it, or the value that it announces, goes beyond the limit */
function readHeader(limit: number): boolean {
	const type = from[at]!;
	const idBytes = type & 0x20 ? 2 : 1;
	const lengthBytes = (type >> 3) & 3;
	const first = at + 1;
	valueAt = first + idBytes + lengthBytes;
	if (valueAt > limit) return false;
	kind = type & 0xc0;
	id = from[first]!;
	if (idBytes === 2) id = (id << 8) | from[first + 1]!;
	let length = type & 7; // to be ignored where a length follows, table 7.4.4.-1
	if (lengthBytes > 0) {
		length = 0;
		for (let i = valueAt - lengthBytes; i < valueAt; ++i) length = (length << 8) | from[i]!;
	}
	valueEnd = valueAt + length;
	return valueEnd <= limit && id < 65535;
}

function value(type: ResourceType): Value | undefined {
	if (isEmpty || status !== RECORD) return undefined;
	if (type === STRING || type === CORELNK) return readText(from, valueAt, valueEnd);
	if (type === OPAQUE) return copyOut(from, valueAt, valueEnd);
	const size = valueEnd - valueAt;
	if (type === FLOAT) return size === 4 || size === 8 ? readFloat(from, valueAt, size) : undefined;
	if (type === BOOLEAN) {
		const bit = size === 1 ? from[valueAt]! : 2;
		return bit < 2 ? bit === 1 : undefined;
	}
	if (size !== 1 && size !== 2 && size !== 4 && size !== 8) return undefined;
	if (type === INTEGER || type === TIME) return ofInteger(readSigned(from, valueAt, size), type);
	if (type === UNSIGNED) return readUnsigned(from, valueAt, size);
	if (type !== OBJLNK || size !== 4) return undefined;
	return objectLink(Number(readUnsigned(from, valueAt, 2)), Number(readUnsigned(from, valueAt + 2, 2)));
}
