// application/vnd.oma.lwm2m+json (11543): OMA TS 1.0.2, 6.4.4. `bn` + `n` name the value; opaque data is base64 in `sv`.

import { modelOf } from "../lwm2m/model.js";
import type { Leaf } from "../lwm2m/node.js";
import { formatPath, type Path, parsePath } from "../lwm2m/path.js";
import {
	CodecError,
	coerce,
	formatObjectLink,
	guessType,
	parseBase64,
	parseText,
	type RawValue,
	type ResourceType,
	type Value,
} from "../lwm2m/value.js";
import { formatExactJson, parseExactJson } from "./exact-json.js";

interface Entry {
	n?: string;
	t?: number;
	v?: number | bigint;
	bv?: boolean;
	sv?: string;
	ov?: string;
}

export function decodeOmaJson(payload: Buffer, path: Path): Leaf[] {
	const json = parseExactJson(payload.toString("utf8"));
	if (!json || typeof json !== "object" || Array.isArray(json)) throw new CodecError("OMA JSON that is no object");
	// The fields are checked one by one before they are used.
	const { bn, bt, e } = json as Record<string, unknown>;
	if (!Array.isArray(e)) throw new CodecError('OMA JSON without its array "e"');
	const base = typeof bn === "string" ? bn : formatPath(path);
	return e.map((item: unknown) => leafOf(item, base, typeof bt === "number" ? bt : undefined));
}

export function encodeOmaJson(leaves: readonly Leaf[], path: Path): Buffer {
	const isBelow = leaves.some((leaf) => leaf.path.length > path.length);
	const bn = formatPath(path) + (isBelow && path.length > 0 ? "/" : "");
	const e = leaves.map((leaf): Entry => {
		const n = formatPath(leaf.path).slice(bn.length);
		return { ...(n === "" ? {} : { n }), ...fieldOf(leaf.value) };
	});
	return Buffer.from(formatExactJson({ bn, e }), "utf8");
}

function leafOf(item: unknown, base: string, baseTime: number | undefined): Leaf {
	if (!item || typeof item !== "object") throw new CodecError("OMA JSON with an entry that is no object");
	// Each field is checked where it is used.
	const entry = item as Entry;
	const name = typeof entry.n === "string" ? entry.n : "";
	const path = pathOf(base, name);
	const type = modelOf(path[0], path[2])?.type;
	const value = typedValue(entry, type);
	const leaf = { path, type: value.type, value: value.value };
	const time = typeof entry.t === "number" ? entry.t : undefined;
	if (baseTime === undefined && time === undefined) return leaf;
	return { ...leaf, timestamp: ((baseTime ?? 0) + (time ?? 0)) * 1000 };
}

function pathOf(base: string, name: string): Path {
	const joined = name === "" || base.endsWith("/") || name.startsWith("/") ? base + name : `${base}/${name}`;
	try {
		return parsePath(joined.replace(/\/$/, ""));
	} catch {
		throw new CodecError(`OMA JSON with the name "${joined}", which is no path`);
	}
}

function typedValue(entry: Entry, known: ResourceType | undefined): { type: ResourceType; value: Value } {
	if (typeof entry.sv === "string") {
		const type = known ?? "STRING";
		if (type === "OPAQUE") return { type, value: parseBase64(entry.sv) };
		return { type, value: coerce(entry.sv, type) };
	}
	if (typeof entry.ov === "string") return { type: "OBJLNK", value: parseText(entry.ov, "OBJLNK") };
	const raw: RawValue | undefined = entry.v ?? entry.bv;
	if (typeof raw !== "number" && typeof raw !== "bigint" && typeof raw !== "boolean") {
		throw new CodecError("OMA JSON with an entry without a value");
	}
	const type = known ?? guessType(raw);
	return { type, value: coerce(raw, type) };
}

function fieldOf(value: Value): Entry {
	if (Buffer.isBuffer(value)) return { sv: value.toString("base64") };
	if (typeof value === "object") return { ov: formatObjectLink(value) };
	if (typeof value === "boolean") return { bv: value };
	if (typeof value === "string") return { sv: value };
	return { v: value };
}
