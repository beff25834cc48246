// The functions of ../bytes.ts in C: same names, same results. Differences: a range outside its buffer is a RangeError,
// an argument of the wrong type a TypeError, and `ids` may be any array.
function textBytes(text) @ "xs_bytes_textBytes";
function writeText(into, at, text) @ "xs_bytes_writeText";
function readText(from, start, end) @ "xs_bytes_readText";
function copy(into, at, from, start, end) @ "xs_bytes_copy";
function equal(a, aAt, b, bAt, count) @ "xs_bytes_equal";
function hash(from, start, end) @ "xs_bytes_hash";
function writeInteger(into, at, value) @ "xs_bytes_writeNumber";
function readInteger(from, start, end) @ "xs_bytes_readInteger";
function writeNumber(into, at, value) @ "xs_bytes_writeNumber";
function readNumber(from, start, end) @ "xs_bytes_readNumber";
function writeBig(into, at, value, size) @ "xs_bytes_writeBig";
function readUnsigned(from, at, size) @ "xs_bytes_readUnsigned";
function readSigned(from, at, size) @ "xs_bytes_readSigned";
function floatSize(value) @ "xs_bytes_floatSize";
function writeFloat(into, at, value, size) @ "xs_bytes_writeFloat";
function readFloat(from, at, size) @ "xs_bytes_readFloat";
function writeBase64(into, at, from, start, end, isUrl) @ "xs_bytes_writeBase64";
function readBase64(into, at, from, start, end) @ "xs_bytes_readBase64";
function writePath(into, at, object, instance, resource, resourceInstance) @ "xs_bytes_writePath";
function readPath(from, start, end, ids) @ "xs_bytes_readPath";
function parsePath(text, ids) @ "xs_bytes_parsePath";

export {
	textBytes,
	writeText,
	readText,
	copy,
	equal,
	hash,
	writeInteger,
	readInteger,
	writeNumber,
	readNumber,
	writeBig,
	readUnsigned,
	readSigned,
	floatSize,
	writeFloat,
	readFloat,
	writeBase64,
	readBase64,
	writePath,
	readPath,
	parsePath,
};
