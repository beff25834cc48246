// Typed resource values and their text form (OMA TS Core 1.1.1, appendix C).
// INTEGER, UNSIGNED_INTEGER and TIME (seconds) are BigInt, so that all 64 bits are exact.

export type ResourceType =
	| "STRING"
	| "INTEGER"
	| "UNSIGNED_INTEGER"
	| "FLOAT"
	| "BOOLEAN"
	| "OPAQUE"
	| "TIME"
	| "OBJLNK"
	| "CORELINK";

export interface ObjectLink {
	readonly objectId: number;
	readonly objectInstanceId: number;
}

export type Value = string | bigint | number | boolean | Buffer | ObjectLink;

/** What a self-describing format delivers before the model gives it a type. */
export type RawValue = string | bigint | number | boolean | Buffer | Date;

/** Bytes or JSON that do not say what they should; the message is for the user. */
export class CodecError extends Error {
	override readonly name = "CodecError";
}

const LOWEST_INTEGER = -(2n ** 63n);
const HIGHEST_INTEGER = 2n ** 63n - 1n;
const HIGHEST_UNSIGNED = 2n ** 64n - 1n;
const HIGHEST_ID = 65535;

export function parseText(text: string, type: ResourceType): Value {
	switch (type) {
		case "STRING":
		case "CORELINK":
			return text;
		case "INTEGER":
		case "TIME":
		case "UNSIGNED_INTEGER":
			if (!/^[+-]?\d+$/.test(text)) throw mismatch(text, type);
			return checkInteger(BigInt(text.replace(/^\+/, "")), type);
		case "FLOAT":
			if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) && !/^(NaN|-?Infinity)$/.test(text)) {
				throw mismatch(text, type);
			}
			return Number(text);
		case "BOOLEAN":
			if (text !== "0" && text !== "1") throw mismatch(text, type);
			return text === "1";
		case "OPAQUE":
			return parseBase64(text);
		case "OBJLNK":
			return parseObjectLink(text);
	}
}

export function formatText(value: Value): string {
	if (Buffer.isBuffer(value)) return value.toString("base64");
	if (typeof value === "boolean") return value ? "1" : "0";
	if (typeof value === "number") return formatFloat(value);
	if (typeof value === "object") return formatObjectLink(value);
	return String(value);
}

/** Gives a self-described value the type the model says; without a type, the nearest one. */
export function coerce(raw: RawValue, type: ResourceType | undefined): Value {
	switch (type ?? guessType(raw)) {
		case "STRING":
		case "CORELINK":
			if (typeof raw === "string") return raw;
			break;
		case "INTEGER":
			return toInteger(raw, "INTEGER");
		case "UNSIGNED_INTEGER":
			return toInteger(raw, "UNSIGNED_INTEGER");
		case "TIME":
			if (raw instanceof Date) return BigInt(Math.floor(raw.getTime() / 1000));
			if (typeof raw === "string" && !Number.isNaN(Date.parse(raw))) return BigInt(Math.floor(Date.parse(raw) / 1000));
			return toInteger(raw, "TIME");
		case "FLOAT":
			if (typeof raw === "number" || typeof raw === "bigint") return Number(raw);
			break;
		case "BOOLEAN":
			if (typeof raw === "boolean") return raw;
			break;
		case "OPAQUE":
			if (Buffer.isBuffer(raw)) return raw;
			break;
		case "OBJLNK":
			if (typeof raw === "string") return parseObjectLink(raw);
			break;
	}
	throw mismatch(Buffer.isBuffer(raw) ? `hex ${raw.toString("hex")}` : String(raw), type ?? "known type");
}

export function guessType(raw: RawValue): ResourceType {
	if (raw instanceof Date) return "TIME";
	if (Buffer.isBuffer(raw)) return "OPAQUE";
	if (typeof raw === "boolean") return "BOOLEAN";
	if (typeof raw === "string") return "STRING";
	return typeof raw === "bigint" || Number.isSafeInteger(raw) ? "INTEGER" : "FLOAT";
}

export function checkInteger(value: bigint, type: ResourceType): bigint {
	const isUnsigned = type === "UNSIGNED_INTEGER";
	if (value < (isUnsigned ? 0n : LOWEST_INTEGER) || value > (isUnsigned ? HIGHEST_UNSIGNED : HIGHEST_INTEGER)) {
		throw new CodecError(`${value} is out of range for ${type}`);
	}
	return value;
}

export function parseObjectLink(text: string): ObjectLink {
	const match = /^(\d{1,5}):(\d{1,5})$/.exec(text);
	if (!match) throw mismatch(text, "OBJLNK");
	return objectLink(Number(match[1]), Number(match[2]));
}

export function objectLink(objectId: number, objectInstanceId: number): ObjectLink {
	for (const id of [objectId, objectInstanceId]) {
		if (!Number.isInteger(id) || id < 0 || id > HIGHEST_ID) throw mismatch(`${objectId}:${objectInstanceId}`, "OBJLNK");
	}
	return { objectId, objectInstanceId };
}

export function formatObjectLink(link: ObjectLink): string {
	return `${link.objectId}:${link.objectInstanceId}`;
}

/** The shortest decimal that gives the same double, never with an exponent. */
export function formatFloat(value: number): string {
	const text = String(value);
	const match = /^(-?)(\d)(?:\.(\d+))?e([+-]\d+)$/.exec(text);
	if (!match) return text;
	const digits = match[2]! + (match[3] ?? "");
	const point = 1 + Number(match[4]);
	if (point <= 0) return `${match[1]}0.${"0".repeat(-point)}${digits}`;
	return match[1] + digits.padEnd(point, "0");
}

export function parseBase64(text: string): Buffer {
	const bare = text.replace(/=+$/, "");
	const bytes = Buffer.from(bare, "base64url");
	if (!/^[A-Za-z0-9+/_-]*$/.test(bare) || bytes.length !== Math.floor((bare.length * 3) / 4) || bare.length % 4 === 1) {
		throw mismatch(text, "base64");
	}
	return bytes;
}

function toInteger(raw: RawValue, type: ResourceType): bigint {
	if (typeof raw === "bigint") return checkInteger(raw, type);
	if (typeof raw === "number" && Number.isInteger(raw)) return checkInteger(BigInt(raw), type);
	throw mismatch(String(raw), type);
}

function mismatch(text: string, wanted: string): CodecError {
	return new CodecError(`"${text}" is not a ${wanted}`);
}
