// lwm2m start, stop, update, pause, resume, lock, unlock, send, cache, obs, status, stats, observe-changes: the client.
import type { Model } from "../lwm2m/model.js";
import { type Context, command, idsOf, invalid, Refused, type Reply, unsupported } from "./command.js";
import type { ShellClient, ShellObservation } from "./shell-client.js";
import { lineOf } from "./values.js";

export const clientCommands = Object.freeze([
	command("send PATH... - Send values to the server", 0, 9, send),
	command("cache PATH NUM - Keep the last NUM samples of a resource", 2, 2, cache),
	command("start [EP_NAME [-b 0|1]] - Start; -b 1: with a bootstrap", 0, 3, start),
	command("stop [-f] - Deregister and stop; -f: only stop", 0, 1, stop),
	command("update - Send an Update", 0, 0, update),
	command("pause - Stop sending and receiving, stay registered", 0, 0, ({ client }) =>
		client.pause ? started(client).pause!() : unsupported(),
	),
	command("resume - Go on after pause", 0, 0, ({ client }) =>
		client.resume ? started(client).resume!() : unsupported(),
	),
	command("lock - Hold notifications back", 0, 0, ({ client }) => client.registry.model.beginBatch()),
	command("unlock - Let them go", 0, 0, unlock),
	command("obs - List observations", 0, 0, ({ client }) =>
		observations(client, client.observations.list ?? unsupported()),
	),
	command("status - Show how it stands with each server", 0, 0, status),
	command("stats - Show traffic and memory", 0, 0, statistics),
	command("observe-changes on|off - Print values as they change", 1, 1, observeChanges),
]);

function send({ client }: Context, words: readonly string[]): Reply {
	if (words.length === 0) return "no path(s)";
	const paths = words.map((word) => `/${idsOf(word, 1).join("/")}`);
	if (!client.send) unsupported();
	client.send(paths, (status) => client.log.info(`SEND status: ${status}`));
}

function cache({ client }: Context, words: readonly string[]): Reply {
	const path = `/${idsOf(words[0]!, 0).join("/")}`;
	const samples = Number(words[1]);
	if (path.split("/").length < 4) return `Path string not correct: ${path}`;
	if (!client.cache) unsupported();
	if (client.cache.has(path)) return `Cache already enabled for ${words[0]}`;
	if (!(samples >= 1)) return `Size must be 1 or more (given ${words[1]})`;
	client.cache.enable(path, Math.floor(samples));
}

function start({ client }: Context, words: readonly string[]): Reply {
	const isBootstrap = Number(words[2] ?? 0);
	if (words.length === 2) return "no specifier or value";
	if (words.length > 2 && words[1] !== "-b") return `unknown specifier ${words[1]}`;
	if (!(isBootstrap >= 0)) return `Invalid number: ${words[2]}`;
	if (isStarted(client)) throw new Refused(-119, "it is started already"); // EINPROGRESS
	if (isBootstrap && !client.bootstrap) unsupported();
	if (words.length > 0) client.endpointName = words[0]!;
	return isBootstrap ? client.bootstrap!() : client.start();
}

function stop({ client }: Context, words: readonly string[]): Reply {
	if (words.length > 0 && words[0] !== "-f") return `can't recognize specifier ${words[0]}`;
	return started(client).stop(undefined, words.length > 0);
}

function unlock({ client }: Context): Reply {
	if (!client.registry.model.endBatch()) throw new Refused(-1, "it is not locked"); // EPERM
}

function isStarted({ servers, bootstrapping }: ShellClient): boolean {
	return servers.length > 0 || bootstrapping !== undefined;
}

function started(client: ShellClient): ShellClient {
	if (!isStarted(client)) throw new Refused(-1, "the client is not started"); // EPERM
	return client;
}

function update({ client }: Context): void {
	if (started(client).servers.length === 0) throw new Refused(-1, "the client is bootstrapping"); // EPERM
	client.update();
}

/** Zephyr's table: number, composite or not, then a line a path with what is set for it. */
function* observations({ attributes }: ShellClient, list: readonly ShellObservation[]): Generator<string, void> {
	yield " #  composite               path      pmin      pmax        gt        lt        st";
	for (let i = 0; i < list.length; i++) {
		const one = list[i]!;
		const ids = one.paths ?? [one.object, one.instance, one.resource, one.resourceInstance];
		for (let at = 0; at < ids.length; at += 4) {
			let path = `${ids[at]}`;
			for (let n = at + 1; n < at + 4; n++) if (ids[n]! >= 0) path += `/${ids[n]}`;
			let line = at > 0 ? "".padEnd(14) : `${`${i}`.padStart(2)} ${(one.paths ? "y" : "n").padStart(10)} `;
			line += path.padEnd(18);
			const { session } = one;
			const set = attributes.effective(session.shortServerId, ids[at]!, ids[at + 1]!, ids[at + 2]!, ids[at + 3]!);
			for (let n = 0; n < 5; n++) line += `${(n < 2 ? set[n] : set[n]?.toFixed(6)) ?? ""}`.padStart(10);
			yield line;
		}
	}
}

function* status({ client, platform }: Context): Generator<string, void> {
	const { servers, registry, bootstrapping } = client;
	const { model } = registry;
	yield `endpoint: ${client.endpointName}`;
	if (bootstrapping) {
		const { uri, bootstrap } = bootstrapping;
		const wait = Math.ceil((bootstrap.deadline - platform.clock.now()) / 1000);
		yield `bootstrap server: ${uri}`;
		yield `  state: ${bootstrap.stateName}${wait < Number.POSITIVE_INFINITY ? `, for ${Math.max(0, wait)} s at most` : ""}`;
	} else if (servers.length === 0) yield "state: stopped";
	for (let i = 0; i < servers.length; i++) {
		const server = servers[i]!;
		const { registration, shortServerId } = server;
		const wait = Math.ceil((registration.deadline - platform.clock.now()) / 1000);
		const mode = resourceOf(model, 0, 10, shortServerId, 2);
		yield `server ${shortServerId}: ${server.uri}`;
		yield `  state: ${registration.stateName}, LwM2M ${server.enabler}`;
		yield `  registration: ${registration.location || "none"}`;
		yield `  lifetime left: ${Math.floor(registration.lifetimeLeftSeconds())} s`;
		yield `  next update: ${wait < Number.POSITIVE_INFINITY ? `in ${Math.max(0, wait)} s` : "none"}`;
		yield `  queue mode: ${server.queueState ?? (`${resourceOf(model, 1, 0, shortServerId, 7)}`.includes("Q") ? "on" : "off")}`;
		yield `  security: ${server.security ?? (mode === 0 ? "PSK" : mode === 2 ? "X.509" : mode === 3 ? "none" : mode)}`;
		yield `  cid: ${server.cid ?? "none"}`;
	}
}

function* statistics({ client, platform }: Context): Generator<string, void> {
	const { slotBytes, slots, slotsPeak, chunks, chunksPeak, collections } = platform.memory();
	yield `slots: ${slots} of ${slotBytes} bytes, peak ${slotsPeak}`;
	yield `chunks: ${chunks} bytes, peak ${chunksPeak}`;
	yield `collections: ${collections}`;
	const { servers } = client;
	for (let i = 0; i < servers.length; i++) {
		const server = servers[i]!;
		const { traffic } = server.endpoint;
		const { bytesSentBy: out, bytesReceivedBy: into } = traffic;
		yield `server ${server.shortServerId}: ${traffic.sent} messages out, ${traffic.received} in, ${traffic.retransmitted} retransmitted`;
		yield `  bytes: ${traffic.bytesSent} out, ${traffic.bytesReceived} in`;
		const kinds = "empty requests responses notifications".split(" ");
		for (let n = 0; out && into && n < 4; n++) yield `  ${kinds[n]}: ${out[n]} bytes out, ${into[n]} in`;
		yield `  handshakes: ${server.handshakes ?? 0}`;
	}
}

/** A resource of the instance that belongs to a short server id, which is its resource `idResource`. */
function resourceOf(model: Model, object: number, idResource: number, id: number, resource: number) {
	const instance = model.objects[object]!.instanceIds.find((one) => model.stored(object, one, idResource, -1) === id);
	return model.stored(object, instance!, resource, -1);
}

/** Puts a listener in front of the client's, which still comes first. */
function observeChanges(context: Context, words: readonly string[]): Reply {
	const { model } = context.client.registry;
	const isOn = words[0] === "on";
	if (!isOn && words[0] !== "off") invalid(`on or off, not ${words[0]}`);
	const before = context.onChangeBefore;
	if (isOn === !!before) return undefined;
	context.onChangeBefore = isOn ? (model.onChange ?? (() => {})) : undefined;
	model.onChange = before;
	if (isOn)
		model.onChange = (object, instance, resource, part) => {
			context.onChangeBefore?.(object, instance, resource, part);
			const path = `${object}/${instance}/${resource}${part < 0 ? "" : `/${part}`}`;
			context.print(lineOf(model, path) ?? `${path} is gone`);
		};
}
