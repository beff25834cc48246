// application/senml+cbor (112): RFC 8428, 6. Labels are small integers; `vlo` of LwM2M stays text.

import { CodecError } from "../lwm2m/value.js";
import { readCbor, toCborValue, writeCbor } from "./cbor.js";
import type { SenmlRecord } from "./senml.js";

const LABELS: ReadonlyMap<keyof SenmlRecord, number | string> = new Map<keyof SenmlRecord, number | string>([
	["bver", -1],
	["bn", -2],
	["bt", -3],
	["bv", -5],
	["n", 0],
	["t", 6],
	["v", 2],
	["vs", 3],
	["vb", 4],
	["vd", 8],
	["vlo", "vlo"],
]);

export function readSenmlCbor(payload: Buffer): SenmlRecord[] {
	const pack = readCbor(payload);
	if (!Array.isArray(pack)) throw new CodecError("a SenML pack that is no array");
	return pack.map(readRecord);
}

export function writeSenmlCbor(records: readonly SenmlRecord[]): Buffer {
	return writeCbor(
		records.map((record) => {
			const map = new Map<number | string, unknown>();
			for (const [name, label] of LABELS) {
				const value = record[name];
				if (value !== undefined) map.set(label, toCborValue(value));
			}
			return map;
		}),
	);
}

function readRecord(item: unknown): SenmlRecord {
	if (!(item instanceof Map)) throw new CodecError("a SenML record that is no map");
	const record: SenmlRecord = {};
	for (const [label, value] of item as Map<unknown, unknown>) readField(record, label, value);
	return record;
}

function readField(record: SenmlRecord, label: unknown, value: unknown): void {
	switch (label) {
		case -1:
			record.bver = number(value, "bver");
			break;
		case -2:
			record.bn = text(value, "bn");
			break;
		case -3:
			record.bt = number(value, "bt");
			break;
		case -5:
			record.bv = number(value, "bv");
			break;
		case 0:
			record.n = text(value, "n");
			break;
		case 2:
			if (typeof value !== "number" && typeof value !== "bigint" && !(value instanceof Date)) throw wrong("v");
			record.v = value instanceof Date ? value.getTime() / 1000 : value;
			break;
		case 3:
			record.vs = text(value, "vs");
			break;
		case 4:
			if (typeof value !== "boolean") throw wrong("vb");
			record.vb = value;
			break;
		case 6:
			record.t = number(value, "t");
			break;
		case 8:
			if (!(value instanceof Uint8Array)) throw wrong("vd");
			record.vd = Buffer.from(value);
			break;
		case "vlo":
			record.vlo = text(value, "vlo");
			break;
		default:
			if (typeof label === "string" && label.endsWith("_")) {
				throw new CodecError(`SenML field "${label}" must be understood and is not`);
			}
	}
}

function number(value: unknown, name: string): number {
	if (typeof value !== "number" && typeof value !== "bigint") throw wrong(name);
	return Number(value);
}

function text(value: unknown, name: string): string {
	if (typeof value !== "string") throw wrong(name);
	return value;
}

function wrong(name: string): CodecError {
	return new CodecError(`SenML field "${name}" has a value of the wrong type`);
}
