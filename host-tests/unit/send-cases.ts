// Sends and what they carry, for the tests of them.
import type { EnablerVersion } from "../../src/lwm2m/definition.js";
import { type CoapMessage, texts } from "../support/coap.js";
import { CaseDevice } from "./lwm2m-cases.js";

/** A device whose lifetime is so long that no Update comes between. */
export function prepare(enabler: EnablerVersion = "1.1"): CaseDevice {
	const device = new CaseDevice(enabler);
	device.registry.set("/1/0/1", 1_000_000);
	return device.register();
}

export function sent(device: CaseDevice, ...paths: string[]): { request: CoapMessage; statuses: number[] } {
	const statuses: number[] = [];
	device.untyped.send(paths, (status) => statuses.push(status));
	return { request: device.takeAfter(0), statuses };
}

/** The records of a SenML CBOR pack, each as `name time value`: just enough of a decoder for what is expected here. */
export function records(payload: Uint8Array): [string, number, unknown][] {
	let at = 0;
	const view = new DataView(payload.buffer, payload.byteOffset, payload.byteLength);
	const half = (bits: number) => {
		const exponent = (bits >> 10) & 31;
		return (
			(bits & 0x8000 ? -1 : 1) *
			(exponent === 0 ? (bits & 1023) * 2 ** -24 : (1024 + (bits & 1023)) * 2 ** (exponent - 25))
		);
	};
	const item = (): unknown => {
		const head = payload[at++]!;
		const [major, info] = [head >> 5, head & 31];
		const size = info < 24 ? 0 : 1 << (info - 24);
		let argument = info;
		if (size > 0) argument = 0;
		for (let i = 0; i < size; i++) argument = argument * 256 + payload[at + i]!;
		at += size;
		if (major === 7) {
			if (size === 0) return info === 21;
			return size === 2 ? half(argument) : size === 4 ? view.getFloat32(at - 4) : view.getFloat64(at - 8);
		}
		if (major === 0) return argument;
		if (major === 1) return -1 - argument;
		if (major === 3) {
			at += argument;
			return String.fromCharCode(...payload.slice(at - argument, at));
		}
		if (major === 4) return Array.from({ length: argument }, item);
		return Array.from({ length: argument }, () => [item(), item()] as const);
	};
	let [name, time] = ["", 0];
	return (item() as (readonly [number, unknown][])[]).map((fields) => {
		const map = new Map(fields);
		name = (map.get(-2) as string | undefined) ?? name;
		time = (map.get(-3) as number | undefined) ?? time;
		const value = map.get(2) ?? map.get(3) ?? map.get(4);
		return [name + ((map.get(0) as string | undefined) ?? ""), time + ((map.get(6) as number | undefined) ?? 0), value];
	});
}

/** Answers Updates, Sends and confirmable notifications as they come. @returns the payloads of all but the Updates */
export function serve(device: CaseDevice): Uint8Array[] {
	const payloads: Uint8Array[] = [];
	device.platform.run();
	for (let count = 0; !device.isQuiet && count < 50; count++) {
		const message = device.take();
		if (texts(message, 11)[0] !== "rd") payloads.push(message.payload);
		if (message.code === 2) device.reply(message, { code: 0x44 });
		else device.reply(message, { code: 0, token: new Uint8Array(0) });
	}
	return payloads;
}
