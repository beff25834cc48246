// Chooses the codec by content format: one node at one path, or the many paths of composites and Send.

import { type Leaf, leavesOf, type Node, nodeOf } from "../lwm2m/node.js";
import { formatPath, isWithin, type Path } from "../lwm2m/path.js";
import { CodecError } from "../lwm2m/value.js";
import { decodeCbor, encodeCbor } from "./cbor.js";
import {
	CBOR,
	JSON_OMA,
	LWM2M_CBOR,
	nameOfFormat,
	OPAQUE,
	SENML_CBOR,
	SENML_JSON,
	TEXT,
	TLV,
} from "./content-format.js";
import { decodeLwm2mCbor, encodeLwm2mCbor } from "./lwm2m-cbor.js";
import { decodeOmaJson, encodeOmaJson } from "./oma-json.js";
import { decodeOpaque, encodeOpaque } from "./opaque.js";
import { leavesOfRecords, recordsOfLeaves, recordsOfPaths } from "./senml.js";
import { readSenmlCbor, writeSenmlCbor } from "./senml-cbor.js";
import { readSenmlJson, writeSenmlJson } from "./senml-json.js";
import { decodeText, encodeText } from "./text.js";
import { decodeTlv, encodeTlv } from "./tlv.js";

export function decodeNode(format: number, payload: Buffer, path: Path, nowMs: number): Node {
	switch (format) {
		case TEXT:
			return nodeOf(path, [decodeText(payload, single(path, format))]);
		case OPAQUE:
			return nodeOf(path, [decodeOpaque(payload, single(path, format))]);
		case CBOR:
			return nodeOf(path, [decodeCbor(payload, single(path, format))]);
		case TLV:
			return decodeTlv(payload, path);
		case JSON_OMA:
			return nodeOf(path, latest(decodeOmaJson(payload, path)));
		default:
			return nodeOf(path, latest(decodeLeaves(format, payload, nowMs)));
	}
}

export function encodeNode(format: number, node: Node, path: Path): Buffer {
	switch (format) {
		case TEXT:
			return encodeText(onlyLeaf(node, path, format).value);
		case OPAQUE:
			return encodeOpaque(onlyLeaf(node, path, format).value);
		case CBOR:
			return encodeCbor(onlyLeaf(node, path, format).value);
		case TLV:
			return encodeTlv(node, path);
		case JSON_OMA:
			return encodeOmaJson(leavesOf(node, path), path);
		default:
			return encodeLeaves(format, leavesOf(node, path), path);
	}
}

/** Every value of a payload that names its paths itself, with its time where it has one. */
export function decodeLeaves(format: number, payload: Buffer, nowMs: number): Leaf[] {
	switch (format) {
		case SENML_JSON:
			return leavesOfRecords(readSenmlJson(payload), nowMs);
		case SENML_CBOR:
			return leavesOfRecords(readSenmlCbor(payload), nowMs);
		case LWM2M_CBOR:
			return decodeLwm2mCbor(payload);
		default:
			throw new CodecError(`content format ${nameOfFormat(format)} is not supported here`);
	}
}

export function encodeLeaves(format: number, leaves: readonly Leaf[], base: Path = []): Buffer {
	switch (format) {
		case SENML_JSON:
			return writeSenmlJson(recordsOfLeaves(leaves, base));
		case SENML_CBOR:
			return writeSenmlCbor(recordsOfLeaves(leaves, base));
		case LWM2M_CBOR:
			return encodeLwm2mCbor(leaves);
		default:
			throw new CodecError(`content format ${nameOfFormat(format)} is not supported here`);
	}
}

export function encodePaths(format: number, paths: readonly Path[]): Buffer {
	if (format === SENML_JSON) return writeSenmlJson(recordsOfPaths(paths));
	if (format === SENML_CBOR) return writeSenmlCbor(recordsOfPaths(paths));
	throw new CodecError(`content format ${nameOfFormat(format)} cannot carry a list of paths`);
}

/** The node at each asked path; null where the answer has nothing for it. */
export function nodesAt(paths: readonly Path[], leaves: readonly Leaf[]): Map<string, Node | null> {
	const nodes = new Map<string, Node | null>();
	for (const path of paths) {
		const members = latest(leaves.filter((leaf) => isWithin(leaf.path, path)));
		nodes.set(formatPath(path), members.length === 0 ? null : nodeOf(path, members));
	}
	return nodes;
}

/** The newest value of every path: a series of samples ends with the one that counts now. */
export function latest(leaves: readonly Leaf[]): Leaf[] {
	if (!leaves.some((leaf) => leaf.timestamp !== undefined)) return [...leaves];
	const newest = new Map<string, Leaf>();
	for (const leaf of leaves) {
		const key = formatPath(leaf.path);
		const known = newest.get(key);
		if (!known || (leaf.timestamp ?? Infinity) >= (known.timestamp ?? Infinity)) newest.set(key, leaf);
	}
	return [...newest.values()];
}

function single(path: Path, format: number): Path {
	if (path.length < 3) throw new CodecError(`${nameOfFormat(format)} cannot describe ${formatPath(path)}`);
	return path;
}

function onlyLeaf(node: Node, path: Path, format: number): Leaf {
	if (node.kind !== "singleResource" && node.kind !== "resourceInstance") {
		throw new CodecError(`${nameOfFormat(format)} cannot describe a node of kind ${node.kind}`);
	}
	return { path, type: node.type, value: node.value };
}
