// application/senml+cbor (112) and senml-etch+cbor (322): an array of maps, one a value. RFC 8428 6, RFC 8790,
// OMA-TS-LightweightM2M_Core-V1_1_1 7.4.6.
//
//   81                              array of records, definite: RFC 8428 6 wants that of a pack that is no stream
//      A2                           map
//         00  6C 2F333330332F…      name (0) "/3303/0/5700"; base name is -2 (21)
//         02  F9 4D60               value (2) 21.5; string 3, boolean 4, data 8, object link "vlo"
//
// This is the reader; senml-cbor-writer.ts writes. A pack may name many paths. Nothing is allocated but values.
import { FLOAT, type ResourceType } from "../lwm2m/definition.js";
import type { Value } from "../lwm2m/path.js";
import { argument, BREAK, DEPTH, major, NULL, readHead, readValue, setItems, skipItem } from "./cbor-reader.js";
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

let from: Uint8Array;
let end = 0;
let at = 0;
let remaining = 0;
let status = END;
let seen = 0;
let nameStart = 0;
let nameEnd = 0;
let baseTime = Number.NaN;
let time = Number.NaN;
let valueAt = -1;
let valueLabel = UNKNOWN;

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

function open(of: Uint8Array, start: number, last: number): void {
	from = of;
	end = last;
	valueAt = -1;
	baseTime = Number.NaN;
	resetBaseName();
	setItems(of, last);
	at = readHead(start);
	status = at < 0 || major !== 4 || typeof argument === "bigint" ? MALFORMED : RECORD;
	if (typeof argument === "number") remaining = argument;
}

function next(): number {
	if (status === RECORD) status = readRecord();
	return status;
}

function hasValue(): boolean {
	return valueAt >= 0;
}

function value(type: ResourceType): Value | undefined {
	return valueAt >= 0 && mayHold(valueLabel, type) ? readValue(valueAt, type) : undefined;
}

function readRecord(): number {
	valueAt = -1;
	if (remaining < 0 && at < end && from[at] === BREAK) {
		++at;
		remaining = 0;
	}
	if (remaining === 0) return at === end ? END : MALFORMED;
	if (remaining > 0) --remaining;
	at = readHead(at);
	if (at < 0 || major !== 5 || typeof argument === "bigint") return MALFORMED;
	let fields = argument;
	seen = nameStart = nameEnd = 0;
	time = Number.NaN;
	valueLabel = UNKNOWN;
	for (; fields !== 0; --fields) {
		if (fields < 0 && at < end && from[at] === BREAK) {
			++at;
			break;
		}
		const label = readLabel();
		if (at < 0 || !readField(label)) {
			valueAt = -1;
			return MALFORMED;
		}
	}
	const depth = resolveName(from, nameStart, nameEnd);
	// a value belongs to a resource or to an instance of one
	if (depth < 0 || (depth < 3 && valueAt >= 0)) {
		valueAt = -1;
		return MALFORMED;
	}
	setTimes(baseTime, time);
	return RECORD;
}

/** Reads a key, moves on to its value. `at` is -1 where it is malformed, or must be understood and is not. */
function readLabel(): number {
	at = readHead(at);
	if (at < 0) return UNKNOWN;
	if (major < 2) {
		if (typeof argument === "bigint") return UNKNOWN;
		const label = major === 0 ? argument : -1 - argument;
		return label >= BASE_VERSION - 5 && label < LINK_VALUE ? label : UNKNOWN;
	}
	if (major !== 3 || typeof argument === "bigint" || argument < 0 || at + argument > end) {
		at = -1;
		return UNKNOWN;
	}
	const start = at;
	at += argument;
	if (at - start === 3 && from[start] === 0x76 && from[start + 1] === 0x6c && from[start + 2] === 0x6f)
		return LINK_VALUE;
	if (at > start && from[at - 1] === UNDERSCORE) at = -1; // RFC 8428 4.4
	return UNKNOWN;
}

/** Takes the value of a key, moves on behind it. @returns false where it is malformed */
function readField(label: number): boolean {
	const start = at;
	at = skipItem(start, DEPTH);
	if (at < 0) return false;
	if (label === UNKNOWN) return true;
	const bit = 1 << (label + 6);
	if ((seen & bit) !== 0) return false;
	seen |= bit;
	if (label === NAME || label === BASE_NAME) {
		const textAt = readHead(start);
		if (major !== 3 || typeof argument === "bigint" || argument < 0) return false;
		if (label === BASE_NAME) return setBaseName(from, textAt, textAt + argument);
		nameStart = textAt;
		nameEnd = textAt + argument;
		return true;
	}
	if (label >= VALUE && label !== TIME && label !== SUM && label !== UPDATE_TIME) {
		if (valueLabel !== UNKNOWN) return false;
		valueLabel = label;
		// a value of null: RFC 8790 3.2, the path alone counts
		if (from[start] !== NULL) valueAt = start;
		return true;
	}
	// values relative to a base value have no place in LwM2M; to pass over it would change them
	if (label !== TIME && label !== BASE_TIME && label !== BASE_VERSION) return label !== BASE_VALUE;
	const number = readValue(start, FLOAT);
	if (typeof number !== "number") return false;
	if (label === TIME) time = number;
	else if (label === BASE_TIME) baseTime = number;
	else return number <= VERSION;
	return true;
}
