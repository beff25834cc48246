// SenML packs (RFC 8428): what JSON and CBOR share - resolving records, and making packs out of leaves.

import { modelOf } from "../lwm2m/model.js";
import type { Leaf } from "../lwm2m/node.js";
import { formatPath, type Path, parsePath } from "../lwm2m/path.js";
import { CodecError, coerce, formatObjectLink, guessType, type RawValue, type Value } from "../lwm2m/value.js";

/** Times below this are relative to now (RFC 8428, 4.5.3). */
const RELATIVE_TIME_LIMIT = 2 ** 28;
const VERSION = 10;

/** One record, with the labels of the JSON form; binary data is a Buffer already. */
export interface SenmlRecord {
	bver?: number;
	bn?: string;
	bt?: number;
	bv?: number;
	n?: string;
	t?: number;
	v?: number | bigint;
	vs?: string;
	vb?: boolean;
	vd?: Buffer;
	vlo?: string;
}

/** One record with the base values applied. */
export interface ResolvedRecord {
	readonly name: string;
	/** Seconds since 1970-01-01, absent when the record has no time. */
	readonly time?: number;
	readonly value?: RawValue;
	readonly isObjectLink: boolean;
}

export function resolveRecords(records: readonly SenmlRecord[], nowMs: number): ResolvedRecord[] {
	let baseName = "";
	let baseTime: number | undefined;
	let baseValue = 0;
	return records.map((record) => {
		if (record.bver !== undefined && record.bver > VERSION)
			throw new CodecError(`SenML version ${record.bver} is not supported`);
		baseName = record.bn ?? baseName;
		baseTime = record.bt ?? baseTime;
		baseValue = record.bv ?? baseValue;
		const name = baseName + (record.n ?? "");
		if (name === "") throw new CodecError("a SenML record without a name");
		const value = valueIn(record, baseValue);
		const hasTime = baseTime !== undefined || record.t !== undefined;
		return {
			name,
			isObjectLink: record.vlo !== undefined,
			...(value === undefined ? {} : { value }),
			...(hasTime ? { time: absolute((baseTime ?? 0) + (record.t ?? 0), nowMs) } : {}),
		};
	});
}

export function leavesOfRecords(records: readonly SenmlRecord[], nowMs: number): Leaf[] {
	return resolveRecords(records, nowMs).map((record) => {
		const path = pathOf(record.name);
		if (record.value === undefined) throw new CodecError(`no value for ${record.name}`);
		const type = modelOf(path[0], path[2])?.type ?? (record.isObjectLink ? "OBJLNK" : guessType(record.value));
		const leaf = { path, type, value: coerce(record.value, type) };
		return record.time === undefined ? leaf : { ...leaf, timestamp: Math.round(record.time * 1000) };
	});
}

/** One base name when all leaves share it, else whole names. */
export function recordsOfLeaves(leaves: readonly Leaf[], base: Path): SenmlRecord[] {
	const baseName = base.length === 0 ? "" : `${formatPath(base)}/`;
	return leaves.map((leaf, index) => {
		const record: SenmlRecord = {};
		const name = formatPath(leaf.path);
		if (leaf.path.length <= base.length) record.bn = name;
		else {
			if (index === 0 && baseName) record.bn = baseName;
			record.n = name.slice(baseName.length);
		}
		if (leaf.timestamp !== undefined) record.t = leaf.timestamp / 1000;
		putValue(record, leaf.value);
		return record;
	});
}

export function recordsOfPaths(paths: readonly Path[]): SenmlRecord[] {
	return paths.map((path) => ({ n: formatPath(path) }));
}

function pathOf(name: string): Path {
	try {
		return parsePath(name);
	} catch {
		throw new CodecError(`a SenML record with the name "${name}", which is no path`);
	}
}

function valueIn(record: SenmlRecord, baseValue: number): RawValue | undefined {
	const present = [record.v, record.vs, record.vb, record.vd, record.vlo].filter((value) => value !== undefined);
	if (present.length > 1) throw new CodecError("a SenML record with two values");
	if (record.v !== undefined && baseValue !== 0) return Number(record.v) + baseValue;
	return present[0];
}

function absolute(time: number, nowMs: number): number {
	return time < RELATIVE_TIME_LIMIT ? nowMs / 1000 + time : time;
}

function putValue(record: SenmlRecord, value: Value): void {
	if (Buffer.isBuffer(value)) record.vd = value;
	else if (typeof value === "object") record.vlo = formatObjectLink(value);
	else if (typeof value === "string") record.vs = value;
	else if (typeof value === "boolean") record.vb = value;
	else record.v = value;
}
