// Content formats of LwM2M: registered numbers and the names the HTTP API uses for them.

export const TEXT = 0;
export const LINK = 40;
export const OPAQUE = 42;
export const CBOR = 60;
export const SENML_JSON = 110;
export const SENML_CBOR = 112;
export const SENML_ETCH_CBOR = 322;
export const TLV = 11542;
export const JSON_OMA = 11543;
export const LWM2M_CBOR = 11544;

const NAMES: ReadonlyMap<string, number> = new Map([
	["TEXT", TEXT],
	["LINK", LINK],
	["OPAQUE", OPAQUE],
	["CBOR", CBOR],
	["SENML_JSON", SENML_JSON],
	["SENML_CBOR", SENML_CBOR],
	["TLV", TLV],
	["JSON", JSON_OMA],
	["LWM2M_CBOR", LWM2M_CBOR],
]);

/** A format by name, in any case, or by number. */
export function formatByName(text: string): number {
	const byName = NAMES.get(text.toUpperCase());
	if (byName !== undefined) return byName;
	if (/^\d{1,5}$/.test(text) && Number(text) <= 65535) return Number(text);
	throw new RangeError(`unknown content format "${text}": ${[...NAMES.keys()].join(", ")}, or a number to 65535`);
}

export function nameOfFormat(format: number): string {
	for (const [name, number] of NAMES) if (number === format) return name;
	return String(format);
}
