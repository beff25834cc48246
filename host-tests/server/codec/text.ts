// text/plain (0), one value (OMA TS Core 1.1.1, 7.4.1).

import { modelOf } from "../lwm2m/model.js";
import type { Leaf } from "../lwm2m/node.js";
import type { Path } from "../lwm2m/path.js";
import { CodecError, formatText, parseText, type Value } from "../lwm2m/value.js";

export function decodeText(payload: Buffer, path: Path): Leaf {
	const type = modelOf(path[0], path[2])?.type ?? "STRING";
	const text = payload.toString("utf8");
	if (!Buffer.from(text, "utf8").equals(payload)) throw new CodecError("text that is not UTF-8");
	return { path, type, value: parseText(text, type) };
}

export function encodeText(value: Value): Buffer {
	return Buffer.from(formatText(value), "utf8");
}
