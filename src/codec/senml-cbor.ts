// application/senml+cbor (112) and senml-etch+cbor (322): an array of maps, one a value. RFC 8428 6, RFC 8790,
// OMA-TS-LightweightM2M_Core-V1_1_1 7.4.6.
//
//   81                              array of records, definite: RFC 8428 6 wants that of a pack that is no stream
//      A2                           map
//         00  6C 2F333330332F…      name (0) "/3303/0/5700"; base name is -2 (21)
//         02  F9 4D60               value (2) 21.5; string 3, boolean 4, data 8, object link "vlo"
//
// This is the reader; senml-cbor-writer.ts writes. A pack may name many paths. Nothing is allocated but values.
import type { Decoded } from "../lwm2m/decoded.js";
import { FLOAT, type ResourceType } from "../lwm2m/definition.js";
import type { Value } from "../lwm2m/path.js";
import { BREAK, DEPTH, NULL, readHead, readValue, setItems, skipItem } from "./cbor-reader.js";
import { type Codec, END, MALFORMED, RECORD, SENML_CBOR, SENML_ETCH_CBOR } from "./codec.js";
import { resetBaseName, resolveName, setBaseName } from "./names.js";
import {
	BASE_NAME,
	BASE_TIME,
	BASE_VALUE,
	BASE_VERSION,
	LINK_VALUE,
	mayHold,
	NAME,
	SUM,
	setTimes,
	TIME,
	UNKNOWN,
	UPDATE_TIME,
	VALUE,
	VERSION,
} from "./senml.js";
import { encode } from "./senml-cbor-writer.js";

const UNDERSCORE = 0x5f;

export const senmlCbor: Codec = Object.freeze({
	format: SENML_CBOR,
	isSingle: false,
	encode,
	open,
	next,
	value,
	hasValue,
});

export const senmlEtchCbor: Codec = Object.freeze({
	format: SENML_ETCH_CBOR,
	isSingle: false,
	encode,
	open,
	next,
	value,
	hasValue,
});

function open(record: Decoded, of: Uint8Array, start: number, last: number): void {
	record.from = of;
	record.end = last;
	record.valueAt = -1;
	record.baseTime = Number.NaN;
	resetBaseName(record);
	setItems(record, of, last);
	record.at = readHead(record, start);
	record.status = record.at < 0 || record.major !== 4 || typeof record.argument === "bigint" ? MALFORMED : RECORD;
	if (typeof record.argument === "number") record.remaining = record.argument;
}

function next(record: Decoded): number {
	if (record.status === RECORD) record.status = readRecord(record);
	return record.status;
}

function hasValue(record: Decoded): boolean {
	return record.valueAt >= 0;
}

function value(record: Decoded, type: ResourceType): Value | undefined {
	return record.valueAt >= 0 && mayHold(record.valueLabel, type) ? readValue(record, record.valueAt, type) : undefined;
}

function readRecord(record: Decoded): number {
	record.valueAt = -1;
	if (record.remaining < 0 && record.at < record.end && record.from[record.at] === BREAK) {
		++record.at;
		record.remaining = 0;
	}
	if (record.remaining === 0) return record.at === record.end ? END : MALFORMED;
	if (record.remaining > 0) --record.remaining;
	record.at = readHead(record, record.at);
	if (record.at < 0 || record.major !== 5 || typeof record.argument === "bigint") return MALFORMED;
	let fields = record.argument;
	record.seen = record.nameStart = record.nameEnd = 0;
	record.ownTime = Number.NaN;
	record.valueLabel = UNKNOWN;
	for (; fields !== 0; --fields) {
		if (fields < 0 && record.at < record.end && record.from[record.at] === BREAK) {
			++record.at;
			break;
		}
		const label = readLabel(record);
		if (record.at < 0 || !readField(record, label)) {
			record.valueAt = -1;
			return MALFORMED;
		}
	}
	const depth = resolveName(record, record.from, record.nameStart, record.nameEnd);
	// a value belongs to a resource or to an instance of one
	if (depth < 0 || (depth < 3 && record.valueAt >= 0)) {
		record.valueAt = -1;
		return MALFORMED;
	}
	setTimes(record, record.baseTime, record.ownTime);
	return RECORD;
}

/** Reads a key, moves on to its value. `at` is -1 where it is malformed, or must be understood and is not. */
function readLabel(record: Decoded): number {
	record.at = readHead(record, record.at);
	if (record.at < 0) return UNKNOWN;
	if (record.major < 2) {
		if (typeof record.argument === "bigint") return UNKNOWN;
		const label = record.major === 0 ? record.argument : -1 - record.argument;
		return label >= BASE_VERSION - 5 && label < LINK_VALUE ? label : UNKNOWN;
	}
	if (
		record.major !== 3 ||
		typeof record.argument === "bigint" ||
		record.argument < 0 ||
		record.at + record.argument > record.end
	) {
		record.at = -1;
		return UNKNOWN;
	}
	const start = record.at;
	record.at += record.argument;
	if (
		record.at - start === 3 &&
		record.from[start] === 0x76 &&
		record.from[start + 1] === 0x6c &&
		record.from[start + 2] === 0x6f
	)
		return LINK_VALUE;
	if (record.at > start && record.from[record.at - 1] === UNDERSCORE) record.at = -1; // RFC 8428 4.4
	return UNKNOWN;
}

/** Takes the value of a key, moves on behind it. @returns false where it is malformed */
function readField(record: Decoded, label: number): boolean {
	const start = record.at;
	record.at = skipItem(record, start, DEPTH);
	if (record.at < 0) return false;
	if (label === UNKNOWN) return true;
	const bit = 1 << (label + 6);
	if ((record.seen & bit) !== 0) return false;
	record.seen |= bit;
	if (label === NAME || label === BASE_NAME) {
		const textAt = readHead(record, start);
		if (record.major !== 3 || typeof record.argument === "bigint" || record.argument < 0) return false;
		if (label === BASE_NAME) return setBaseName(record, record.from, textAt, textAt + record.argument);
		record.nameStart = textAt;
		record.nameEnd = textAt + record.argument;
		return true;
	}
	if (label >= VALUE && label !== TIME && label !== SUM && label !== UPDATE_TIME) {
		if (record.valueLabel !== UNKNOWN) return false;
		record.valueLabel = label;
		// a value of null: RFC 8790 3.2, the path alone counts
		if (record.from[start] !== NULL) record.valueAt = start;
		return true;
	}
	// values relative to a base value have no place in LwM2M; to pass over it would change them
	if (label !== TIME && label !== BASE_TIME && label !== BASE_VERSION) return label !== BASE_VALUE;
	const number = readValue(record, start, FLOAT);
	if (typeof number !== "number") return false;
	if (label === TIME) record.ownTime = number;
	else if (label === BASE_TIME) record.baseTime = number;
	else return number <= VERSION;
	return true;
}
