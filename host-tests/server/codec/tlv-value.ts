// Values inside TLV (OMA TS Core 1.1.1, appendix C): integers of 1, 2, 4 or 8 bytes, IEEE floats, object links.

import { CodecError, objectLink, type ResourceType, type Value } from "../lwm2m/value.js";

export function readTlvValue(bytes: Buffer, type: ResourceType): Value {
	switch (type) {
		case "STRING":
		case "CORELINK":
			return bytes.toString("utf8");
		case "OPAQUE":
			return Buffer.from(bytes);
		case "INTEGER":
		case "TIME":
			return readInteger(bytes, type);
		case "UNSIGNED_INTEGER":
			return BigInt.asUintN(bytes.length * 8, readInteger(bytes, type));
		case "FLOAT":
			if (bytes.length === 4) return bytes.readFloatBE(0);
			if (bytes.length === 8) return bytes.readDoubleBE(0);
			throw badLength(bytes, type);
		case "BOOLEAN":
			if (bytes.length !== 1 || bytes[0]! > 1) throw badLength(bytes, type);
			return bytes[0] === 1;
		case "OBJLNK":
			if (bytes.length !== 4) throw badLength(bytes, type);
			return objectLink(bytes.readUInt16BE(0), bytes.readUInt16BE(2));
	}
}

export function writeTlvValue(value: Value, type: ResourceType): Buffer {
	if (Buffer.isBuffer(value)) return value;
	switch (typeof value) {
		case "string":
			return Buffer.from(value, "utf8");
		case "boolean":
			return Buffer.from([value ? 1 : 0]);
		case "number":
			return writeFloat(value);
		case "bigint":
			return writeInteger(value, type === "UNSIGNED_INTEGER");
		case "object": {
			const bytes = Buffer.alloc(4);
			bytes.writeUInt16BE(value.objectId, 0);
			bytes.writeUInt16BE(value.objectInstanceId, 2);
			return bytes;
		}
	}
}

function readInteger(bytes: Buffer, type: ResourceType): bigint {
	switch (bytes.length) {
		case 1:
			return BigInt(bytes.readInt8(0));
		case 2:
			return BigInt(bytes.readInt16BE(0));
		case 4:
			return BigInt(bytes.readInt32BE(0));
		case 8:
			return bytes.readBigInt64BE(0);
		default:
			throw badLength(bytes, type);
	}
}

function writeInteger(value: bigint, isUnsigned: boolean): Buffer {
	for (const size of [1, 2, 4, 8]) {
		const bits = size * 8;
		const fits = isUnsigned ? BigInt.asUintN(bits, value) === value : BigInt.asIntN(bits, value) === value;
		if (!fits) continue;
		const wide = Buffer.alloc(8);
		wide.writeBigInt64BE(BigInt.asIntN(64, value));
		return wide.subarray(8 - size);
	}
	throw new CodecError(`${value} does not fit 64 bits`);
}

function writeFloat(value: number): Buffer {
	const isExact = Object.is(Math.fround(value), value);
	const bytes = Buffer.alloc(isExact ? 4 : 8);
	if (isExact) bytes.writeFloatBE(value);
	else bytes.writeDoubleBE(value);
	return bytes;
}

function badLength(bytes: Buffer, type: ResourceType): CodecError {
	return new CodecError(`TLV value ${bytes.toString("hex")} of ${bytes.length} bytes is not a ${type}`);
}
