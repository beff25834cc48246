// The resources of the objects 0, 1 and 2 from the fields of a BootstrapConfig, by the names Leshan gives them.
// Only what is there is written, apart from what the objects demand.

import { modelOf } from "../lwm2m/model.js";
import type { Resource } from "../lwm2m/node.js";
import { type Json, valueFromJson } from "../lwm2m/node-json.js";
import { CodecError, type Value } from "../lwm2m/value.js";

const SECURITY: Readonly<Record<string, number>> = {
	uri: 0,
	bootstrapServer: 1,
	securityMode: 2,
	publicKeyOrId: 3,
	serverPublicKey: 4,
	secretKey: 5,
	smsSecurityMode: 6,
	smsBindingKeyParam: 7,
	smsBindingKeySecret: 8,
	serverSmsNumber: 9,
	serverId: 10,
	clientOldOffTime: 11,
	clientHoldOffTime: 11,
	bootstrapServerAccountTimeout: 12,
	matchingType: 13,
	sni: 14,
	certificateUsage: 15,
	cipherSuite: 16,
};

const SERVER: Readonly<Record<string, number>> = {
	shortId: 0,
	lifetime: 1,
	defaultMinPeriod: 2,
	defaultMaxPeriod: 3,
	disableTimeout: 5,
	notifIfDisabled: 6,
	binding: 7,
	registrationPriority: 13,
	initialRegistrationDelay: 14,
	registrationFailureBlock: 15,
	bootstrapOnRegistrationFailure: 16,
	communicationRetryCount: 17,
	communicationRetryTimer: 18,
	communicationSequenceDelayTimer: 19,
	communicationSequenceRetryCount: 20,
	trigger: 21,
	preferredTransport: 22,
	muteSend: 23,
};

/** Numbers of the names in Leshan's JSON. */
const WORDS: Readonly<Record<string, Readonly<Record<string, number>>>> = {
	securityMode: { PSK: 0, RPK: 1, X509: 2, NO_SEC: 3, EST: 4 },
	smsSecurityMode: { NO_SEC: 3 },
	certificateUsage: {
		CA_CONSTRAINT: 0,
		SERVICE_CERTIFICATE_CONSTRAINT: 1,
		TRUST_ANCHOR_ASSERTION: 2,
		DOMAIN_ISSUER_CERTIFICATE: 3,
	},
	matchingType: { EXACT_MATCH: 0, SHA256: 1, SHA384: 2, SHA512: 3 },
};

const RIGHTS = "rwedc";

export function securityInstance(fields: Record<string, Json>, where: string): Resource[] {
	return resources(0, SECURITY, { bootstrapServer: false, securityMode: "NO_SEC", ...fields }, where);
}

export function serverInstance(fields: Record<string, Json>, where: string): Resource[] {
	const presets = { lifetime: 86400, notifIfDisabled: true, binding: "U" };
	return resources(1, SERVER, { ...presets, ...fields }, where);
}

/** `{objectId, instanceId, rules: {"99": "rwe"}, owner}`, or Leshan's `objectInstanceId`, `acls` and numbers. */
export function accessControl(fields: Record<string, Json>, where: string): Resource[] {
	const pick = (...names: string[]): Json =>
		names.map((name) => fields[name]).find((item) => item !== undefined) ?? null;
	const known = ["objectId", "instanceId", "objectInstanceId", "rules", "acls", "owner", "accessControlOwner"];
	for (const name of Object.keys(fields)) {
		if (!known.includes(name) && name !== "AccessControlOwner")
			throw new CodecError(`${where}: unknown field "${name}"`);
	}
	const rules = pick("rules", "acls") ?? {};
	if (!rules || typeof rules !== "object" || Array.isArray(rules)) throw new CodecError(`${where}: rules is no object`);
	const values = new Map<number, Value>();
	for (const [ssid, rights] of Object.entries(rules)) {
		if (!/^\d{1,5}$/.test(ssid) || Number(ssid) > 65535) throw new CodecError(`${where}: "${ssid}" is no server id`);
		values.set(Number(ssid), BigInt(rightsFrom(rights, where)));
	}
	const integer = (id: number, value: Json): Resource => {
		if (value === null) throw new CodecError(`${where}: objectId, instanceId and owner are needed`);
		return { kind: "singleResource", id, type: "INTEGER", value: valueFromJson(value, "INTEGER") };
	};
	return [
		integer(0, pick("objectId")),
		integer(1, pick("instanceId", "objectInstanceId")),
		...(values.size === 0 ? [] : [{ kind: "multiResource", id: 2, type: "INTEGER", values } as const]),
		integer(3, pick("owner", "accessControlOwner", "AccessControlOwner")),
	];
}

function rightsFrom(json: Json, where: string): number {
	if (typeof json === "number" && Number.isInteger(json) && json >= 0 && json < 2 ** RIGHTS.length) return json;
	if (typeof json !== "string" || !/^[rwedc]*$/i.test(json)) throw new CodecError(`${where}: rights are of ${RIGHTS}`);
	return [...RIGHTS].reduce((bits, letter, at) => bits | (json.toLowerCase().includes(letter) ? 1 << at : 0), 0);
}

function resources(
	objectId: number,
	names: Readonly<Record<string, number>>,
	fields: Record<string, Json>,
	where: string,
): Resource[] {
	const found: Resource[] = [];
	for (const [name, json] of Object.entries(fields)) {
		if (json === null) continue;
		const id = Object.hasOwn(names, name) ? names[name] : undefined;
		if (id === undefined) throw new CodecError(`${where}: unknown field "${name}"`);
		found.push(resource(objectId, id, name, json, where));
	}
	return found;
}

function resource(objectId: number, id: number, name: string, json: Json, where: string): Resource {
	const model = modelOf(objectId, id);
	if (!model?.type) throw new CodecError(`${where}: ${name} cannot be written`);
	const { type } = model;
	try {
		if (!model.isMultiple) return { kind: "singleResource", id, type, value: typedValue(name, json, type) };
		const items = Array.isArray(json) ? json : [json];
		const values = new Map(items.map((item, at) => [at, typedValue(name, item, type)]));
		return { kind: "multiResource", id, type, values };
	} catch (error) {
		// Not the error's message: it has the value, and the value may be a key.
		if (error instanceof CodecError) throw new CodecError(`${where}: ${name} is not a ${type}`);
		throw error;
	}
}

function typedValue(name: string, json: Json, type: Parameters<typeof valueFromJson>[1]): Value {
	if (type === "OPAQUE" && Array.isArray(json)) return bytesOf(json);
	// Leshan has the binding as a set of letters as well.
	if (name === "binding" && Array.isArray(json)) return json.join("");
	const words = typeof json === "string" ? WORDS[name] : undefined;
	if (!words || typeof json !== "string") return valueFromJson(json, type);
	return valueFromJson(words[json.toUpperCase()] ?? json, type);
}

/** Bytes as Java has them, -128 to 127, or as everybody else. */
function bytesOf(items: readonly Json[]): Buffer {
	return Buffer.from(
		items.map((item) => {
			if (typeof item === "number" && Number.isInteger(item) && item >= -128 && item <= 255) return item & 0xff;
			throw new CodecError("not a byte");
		}),
	);
}
