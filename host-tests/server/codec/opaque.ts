// application/octet-stream (42), one OPAQUE value (OMA TS Core 1.1.1, 7.4.2).

import { modelOf } from "../lwm2m/model.js";
import type { Leaf } from "../lwm2m/node.js";
import { formatPath, type Path } from "../lwm2m/path.js";
import { CodecError, type Value } from "../lwm2m/value.js";

export function decodeOpaque(payload: Buffer, path: Path): Leaf {
	const type = modelOf(path[0], path[2])?.type ?? "OPAQUE";
	if (type !== "OPAQUE") throw new CodecError(`${formatPath(path)} is a ${type}, not OPAQUE`);
	return { path, type, value: Buffer.from(payload) };
}

export function encodeOpaque(value: Value): Buffer {
	if (!Buffer.isBuffer(value)) throw new CodecError("only an OPAQUE value has an opaque form");
	return value;
}
