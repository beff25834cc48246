// application/senml+json (110): RFC 8428, 5.

import { CodecError, parseBase64 } from "../lwm2m/value.js";
import { formatExactJson, parseExactJson } from "./exact-json.js";
import type { SenmlRecord } from "./senml.js";

const NUMBERS = new Set(["bver", "bt", "bv", "t"]);
const STRINGS = new Set(["bn", "n", "vs", "vlo"]);

export function readSenmlJson(payload: Buffer): SenmlRecord[] {
	const pack = parseExactJson(payload.toString("utf8"));
	if (!Array.isArray(pack)) throw new CodecError("a SenML pack that is no array");
	return pack.map(readRecord);
}

export function writeSenmlJson(records: readonly SenmlRecord[]): Buffer {
	const pack = records.map(({ vd, ...record }) => (vd ? { ...record, vd: vd.toString("base64url") } : record));
	return Buffer.from(formatExactJson(pack), "utf8");
}

function readRecord(item: unknown): SenmlRecord {
	if (!item || typeof item !== "object" || Array.isArray(item)) throw new CodecError("a SenML record that is no map");
	const record: SenmlRecord = {};
	for (const [label, value] of Object.entries(item)) {
		if (label === "v" && (typeof value === "number" || typeof value === "bigint")) record.v = value;
		else if (label === "vb" && typeof value === "boolean") record.vb = value;
		else if (label === "vd" && typeof value === "string") record.vd = parseBase64(value);
		else if (NUMBERS.has(label) && typeof value === "number") Object.assign(record, { [label]: value });
		else if (STRINGS.has(label) && typeof value === "string") Object.assign(record, { [label]: value });
		else if (isKnown(label)) throw new CodecError(`SenML field "${label}" has a value of the wrong type`);
		else if (label.endsWith("_")) throw new CodecError(`SenML field "${label}" must be understood and is not`);
	}
	return record;
}

function isKnown(label: string): boolean {
	return label === "v" || label === "vb" || label === "vd" || NUMBERS.has(label) || STRINGS.has(label);
}
