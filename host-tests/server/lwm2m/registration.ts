// One registered device: what Register said, what Updates changed (OMA TS Core 1.1.1, 6.2).

import type { CoapEndpoint } from "../coap/endpoint.js";
import { hostAndPort, type Peer } from "../transport.js";
import { type Link, unquote } from "./link-format.js";
import type { Json } from "./node-json.js";

export interface Registration {
	readonly endpoint: string;
	readonly id: string;
	readonly version: string;
	readonly registrationDate: number;
	/** Query parameters of the Register that LwM2M does not define, such as `at`. */
	readonly attributes: Record<string, string>;
	readonly isQueueMode: boolean;
	lastUpdate: number;
	lifetimeSeconds: number;
	binding: string;
	smsNumber: string | undefined;
	links: readonly Link[];
	/** Where requests go; an Update from a new address changes it. */
	peer: Peer;
	coap: CoapEndpoint;
	isSleeping: boolean;
}

/** The path all objects are below, "/" unless a link says otherwise. */
export function rootPathOf(links: readonly Link[]): string {
	const url = rootLink(links)?.url ?? "/";
	return url.endsWith("/") ? url : `${url}/`;
}

/** The content formats the device announced, undefined when it did not. */
export function announcedFormats(links: readonly Link[]): number[] | undefined {
	const formats = unquote(rootLink(links)?.attributes["ct"]);
	return formats?.split(/\s+/).filter(Boolean).map(Number);
}

export function availableInstances(links: readonly Link[]): Map<number, number[]> {
	const root = rootPathOf(links);
	const instances = new Map<number, number[]>();
	for (const { url } of links) {
		const match = url.startsWith(root) ? /^(\d+)\/(\d+)$/.exec(url.slice(root.length)) : null;
		if (!match) continue;
		const ids = instances.get(Number(match[1])) ?? [];
		instances.set(Number(match[1]), [...ids, Number(match[2])]);
	}
	return instances;
}

export function registrationToJson(registration: Registration): { [name: string]: Json } {
	const available: { [objectId: string]: Json } = {};
	for (const [objectId, ids] of availableInstances(registration.links)) available[objectId] = ids.sort((a, b) => a - b);
	return {
		endpoint: registration.endpoint,
		registrationId: registration.id,
		registrationDate: registration.registrationDate,
		lastUpdate: registration.lastUpdate,
		address: hostAndPort(registration.peer.address, registration.peer.port),
		...(registration.smsNumber === undefined ? {} : { smsNumber: registration.smsNumber }),
		lwM2mVersion: registration.version,
		lifetime: registration.lifetimeSeconds,
		bindingMode: registration.binding,
		rootPath: rootPathOf(registration.links),
		objectLinks: linksToJson(registration.links),
		secure: registration.coap.transport.isSecure,
		additionalRegistrationAttributes: registration.attributes,
		queuemode: registration.isQueueMode,
		availableInstances: available,
		sleeping: registration.isSleeping,
	};
}

export function linksToJson(links: readonly Link[]): Json {
	return links.map(({ url, attributes }) => ({ url, attributes }));
}

function rootLink(links: readonly Link[]): Link | undefined {
	return links.find(({ attributes }) => unquote(attributes["rt"]) === "oma.lwm2m");
}
