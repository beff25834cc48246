// What a decoder has read last, one record, which is a path and a value or the end of it; and how far it has come. One for
// each model, made with it: a module has no variables, so that it can lie in flash. One decoder is at work at a time, and
// the fields below the first ten are its own: they mean the same in all formats that have them.

/** Maps within maps of LwM2M CBOR. */
export interface Levels {
	/** The path of the last record. */
	readonly path: Int32Array;
	/** Writing: by how many ids lead to a map, where its head is; -1 where none is open. */
	readonly heads: Int32Array;
	/** Its entries: while writing how many there are, while reading how many are left (-1: an indefinite length). */
	readonly counts: Int32Array;
	/** Writing: where the key of its last entry begins. */
	readonly keys: Int32Array;
	/** Writing: how many ids lead through that key. Reading, by nesting: how many ids lead to the map. */
	readonly depths: Int32Array;
}

export class Decoded {
	/** The path of the record; -1 for what is absent (a TLV of a Create without an instance id, say). */
	object = -1;
	instance = -1;
	resource = -1;
	resourceInstance = -1;
	/** Seconds since 1970 where the record carries its own time (SenML `t`), else NaN. */
	time = Number.NaN;
	/** The path of the request, which relative names are based on; -1 is absent. */
	baseObject = -1;
	baseInstance = -1;
	baseResource = -1;
	baseResourceInstance = -1;

	/** The payload, `[start, end)` of `from`; where the decoder stands; what `next` has said last. */
	from!: Uint8Array;
	start = 0;
	end = 0;
	at = 0;
	status = 0;
	isRead = false;
	/** Where the record's value is, -1 where it has none; where it ends (TLV). */
	valueAt = -1;
	valueEnd = 0;
	isEmpty = true;

	/** Of the CBOR head read last: the major type, 0..7, and the argument; -1 for an indefinite length. */
	major = 0;
	argument: number | bigint = 0;
	/** Of a CBOR float: its size in bytes; 0 for all else of major type 7. */
	floatBytes = 0;
	/** LwM2M CBOR: how deep it is within maps, and those, from the first use on. */
	nesting = 0;
	levels: Levels | undefined;

	/** SenML: fields of the record so far, a bit each; records that are left, -1: not said. */
	seen = 0;
	remaining = 0;
	nameFrom!: Uint8Array;
	nameStart = 0;
	nameEnd = 0;
	baseTime = Number.NaN;
	ownTime = Number.NaN;
	valueLabel = 0;
	/** The base name, and the ids of a name; made at the first use. */
	base: Uint8Array | undefined;
	baseBytes = 0;
	ids: Uint16Array | undefined;

	/** JSON: the key read last by its first bytes; whether it is one that must be understood; the string read last. */
	key = 0;
	isMandatory = false;
	stringFrom!: Uint8Array;
	stringStart = 0;
	stringEnd = 0;
	hasEscape = false;
	valueKey = 0;

	/** TLV: the ends of the containers that are being read, -1: not within one; the entry whose header was read last. */
	instanceEnd = -1;
	multipleEnd = -1;
	instanceId = -1;
	resourceId = -1;
	hasInstance = false;
	hasBare = false;
	kind = 0;
	id = 0;

	/** Of a Write that has been checked: it has values, some for write handlers; the instance that a Create has made. */
	hasRecords = false;
	hasHandlers = false;
	createdInstance = -1;
}
