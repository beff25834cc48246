// lwm2m status and stats: how it stands with each server, and what it has cost so far.
import type { Model } from "../lwm2m/model.js";
import type { Context, Lines, Reply } from "./command.js";
import type { ShellServer, Traffic } from "./shell-client.js";

const SECURITY = 0;
const SERVER = 1;
const modes: readonly string[] = Object.freeze(["PSK", "RPK", "X.509", "none", "X.509 with EST"]);
const kinds: readonly string[] = Object.freeze(["empty", "requests", "responses", "notifications"]);

export function status(context: Context): Reply {
	return new Servers(context, statusOf, `endpoint: ${context.client.endpointName ?? "?"}`);
}

export function statistics(context: Context): Reply {
	return new Servers(context, statisticsOf, memoryOf(context));
}

/** A text for each server, and one before them. */
class Servers implements Lines {
	#context: Context;
	#describe: (context: Context, server: ShellServer) => string;
	#first: string;
	#index = -1;

	constructor(context: Context, describe: (context: Context, server: ShellServer) => string, first: string) {
		this.#context = context;
		this.#describe = describe;
		this.#first = first;
	}

	next(): string | undefined {
		const index = this.#index++;
		const { servers } = this.#context.client;
		if (index < 0) return servers.length > 0 ? this.#first : `${this.#first}\nstate: stopped`;
		const server = servers[index];
		return server && `server ${server.shortServerId}: ${server.uri}${this.#describe(this.#context, server)}`;
	}
}

function statusOf({ client, platform }: Context, server: ShellServer): string {
	const { registration, shortServerId, enabler } = server;
	const { model } = client.registry;
	const { deadline } = registration;
	const inSeconds = Math.max(0, Math.ceil((deadline - platform.clock.now()) / 1000));
	const mode = find(model, SECURITY, 10, shortServerId, 2);
	const isQueued = String(find(model, SERVER, 0, shortServerId, 7) ?? "").includes("Q");
	return (
		`\n  state: ${registration.stateName}, LwM2M ${enabler}` +
		`\n  registration: ${registration.location || "none"}` +
		`\n  lifetime left: ${Math.floor(registration.lifetimeLeftSeconds())} s` +
		`\n  next update: ${deadline === Number.POSITIVE_INFINITY ? "none" : `in ${inSeconds} s`}` +
		`\n  queue mode: ${server.queueState ?? (isQueued ? "on" : "off")}` +
		`\n  security: ${server.security ?? modes[Number(mode ?? 3)]}` +
		`\n  cid: ${server.cid ?? "none"}`
	);
}

function statisticsOf(_: Context, server: ShellServer): string {
	const { traffic } = server.endpoint;
	let text =
		`\n  messages: ${traffic.sent} out, ${traffic.received} in, ${traffic.retransmitted} retransmitted` +
		`\n  bytes: ${traffic.bytesSent} out, ${traffic.bytesReceived} in`;
	for (let kind = 0; kind < kinds.length; kind++) text += kindOf(traffic, kind);
	return `${text}\n  handshakes: ${server.handshakes ?? 0}`;
}

function kindOf({ bytesSentBy, bytesReceivedBy }: Traffic, kind: number): string {
	return bytesSentBy && bytesReceivedBy
		? `\n  ${kinds[kind]}: ${bytesSentBy[kind]} bytes out, ${bytesReceivedBy[kind]} in`
		: "";
}

function memoryOf({ platform }: Context): string {
	const { slotBytes, slots, slotsPeak, chunks, chunksPeak, collections } = platform.memory();
	return `slots: ${slots} of ${slotBytes} bytes, peak ${slotsPeak}\nchunks: ${chunks} bytes, peak ${chunksPeak}\ncollections: ${collections}`;
}

/** A resource of the instance whose short server id is `id`. */
function find(model: Model, object: number, idResource: number, id: number, resource: number) {
	const instance = model.objects[object]?.instanceIds.find((one) => model.stored(object, one, idResource, -1) === id);
	return instance === undefined ? undefined : model.stored(object, instance, resource, -1);
}
