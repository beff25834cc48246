// lwm2m send, cache, start, stop, update, pause, resume, lock, unlock, obs, status, stats, observe-changes: the client.
import type { Model } from "../lwm2m/model.js";
import type { Platform } from "../platform.js";
import { type Context, fill, type Reply, refuse, unsupported } from "./command.js";
import { Place } from "./place.js";
import type { ShellClient, ShellServer } from "./shell-client.js";
import { lineOf, pathOf, valueCommands } from "./values.js";

export function clientCommands(context: Context, words: readonly string[]): Reply {
	const { client, platform } = context;
	const { cache, servers } = client;
	const model = client.registry.model;
	const name = words[0];
	const word = words[1];
	switch (name) {
		case "send":
			if (word === undefined) return "no path(s)";
			(client.send ?? unsupported).call(
				client,
				words.slice(1).map((path) => new Place(model, path, 1).absolute()),
				(status) => client.log.info(`SEND status: ${status}`),
			);
			return;
		case "cache": {
			const place = new Place(model, word!, 0);
			const path = place.absolute();
			const samples = Number(words[2]);
			if (place.depth < 3) return `Path string not correct: ${path}`;
			if (!cache) unsupported();
			if (cache.has(path)) return `Cache already enabled for ${word}`;
			if (!(samples >= 1)) return `Size must be 1 or more (given ${words[2]})`;
			return cache.enable(path, Math.floor(samples));
		}
		case "start": {
			const isBootstrap = Number(words[3] ?? 0);
			if (words.length === 3) return "no specifier or value";
			if (words.length > 3 && words[2] !== "-b") return `unknown specifier ${words[2]}`;
			if (!(isBootstrap >= 0)) return `Invalid number: ${words[3]}`;
			if (isStarted(client)) refuse(-119, "it is started already"); // EINPROGRESS
			if (isBootstrap && !client.bootstrap) unsupported();
			if (word !== undefined) client.endpointName = word;
			return isBootstrap ? client.bootstrap!() : client.start();
		}
		case "stop":
			if (word && word !== "-f") return `can't recognize specifier ${word}`;
			return started(client).stop(undefined, !!word);
		case "update":
			if (started(client).servers.length === 0) refuse(-1, "the client is bootstrapping"); // EPERM
			return client.update();
		case "pause":
		case "resume":
			if (!client[name]) unsupported();
			return started(client)[name]!();
		case "lock":
			return model.beginBatch();
		case "unlock":
			if (!model.endBatch()) refuse(-1, "it is not locked"); // EPERM
			return;
		case "obs":
			return observations(client);
		case "status":
			return (n) => (n > 0 ? statusOf(servers[n - 1], model, platform) : statusOfClient(client, platform));
		case "stats":
			return (n) => (n > 0 ? trafficOf(servers[n - 1]) : memoryOf(platform));
		case "observe-changes":
			return observeChanges(context, word === "on", word!);
		default:
			return valueCommands(model, words);
	}
}

/** Zephyr's table: number, composite or not, then a line a path with what is set for it. */
function observations({ observations, attributes }: ShellClient): Reply {
	const list = observations.list ?? unsupported();
	return (n) => {
		const one = list[n - 1];
		if (n === 0) return " #  composite               path      pmin      pmax        gt        lt        st";
		if (!one) return;
		const ids = one.paths ?? [one.object, one.instance, one.resource, one.resourceInstance];
		let lines = `${n - 1}`.padStart(2) + (one.paths ? "y" : "n").padStart(11);
		for (let at = 0; at < ids.length; at += 4) {
			const set = attributes.effective(one.session.shortServerId, ids[at]!, ids[at + 1]!, ids[at + 2]!, ids[at + 3]!);
			let path = `${ids[at]}`;
			for (let i = at + 1; i < at + 4; i++) if (ids[i]! >= 0) path += `/${ids[i]}`;
			lines += (at > 0 ? "\n".padEnd(15) : " ") + path.padEnd(18);
			for (let i = 0; i < 5; i++) lines += `${(i < 2 ? set[i] : set[i]?.toFixed(6)) ?? ""}`.padStart(10);
		}
		return lines;
	};
}

function statusOfClient({ bootstrapping, endpointName, servers }: ShellClient, platform: Platform): string {
	if (!bootstrapping) return `endpoint: ${endpointName}${servers.length > 0 ? "" : "\nstate: stopped"}`;
	const { deadline, stateName } = bootstrapping.bootstrap;
	const wait = secondsUntil(deadline, platform);
	return fill(
		"endpoint: %\nbootstrap server: %\n  state: %%",
		endpointName,
		bootstrapping.uri,
		stateName,
		wait && `, for ${wait} at most`,
	);
}

function statusOf(server: ShellServer | undefined, model: Model, platform: Platform): string | undefined {
	if (!server) return;
	const { registration, shortServerId } = server;
	const wait = secondsUntil(registration.deadline, platform);
	const account = model.objects[0]!.instanceIds.find((one) => model.stored(0, one, 10, -1) === shortServerId)!;
	return fill(
		"server %: %\n  state: %, LwM2M %\n  registration: %\n  lifetime left: % s\n  next update: %\n  queue mode: %\n  security: %\n  cid: %",
		shortServerId,
		server.uri,
		registration.stateName,
		server.enabler,
		registration.location || "none",
		Math.floor(registration.lifetimeLeftSeconds()),
		wait ? `in ${wait}` : "none",
		server.queueState ?? "off",
		["PSK", "RPK", "X.509", "none"][model.stored(0, account, 2, -1) as number],
		server.cid ?? "none",
	);
}

function memoryOf(platform: Platform): string {
	const memory = platform.memory();
	return fill(
		"slots: % of % bytes, peak %\nchunks: % bytes, peak %\ncollections: %",
		memory.slots,
		memory.slotBytes,
		memory.slotsPeak,
		memory.chunks,
		memory.chunksPeak,
		memory.collections,
	);
}

function trafficOf(server: ShellServer | undefined): string | undefined {
	if (!server) return;
	const { traffic } = server.endpoint;
	const { bytesSentBy, bytesReceivedBy } = traffic;
	return fill(
		"server %: % messages out, % in, % retransmitted\n  bytes: % out, % in%\n  handshakes: %",
		server.shortServerId,
		traffic.sent,
		traffic.received,
		traffic.retransmitted,
		traffic.bytesSent,
		traffic.bytesReceived,
		bytesSentBy && bytesReceivedBy
			? "empty requests responses notifications"
					.split(" ")
					.map((kind, i) => fill("\n  %: % bytes out, % in", kind, bytesSentBy[i], bytesReceivedBy[i]))
					.join("")
			: "",
		server.handshakes ?? 0,
	);
}

/** Puts a listener in front of the client's, which still comes first. */
function observeChanges(context: Context, isOn: boolean, word: string): void {
	const model = context.client.registry.model;
	const before = context.onChangeBefore;
	if (!isOn && word !== "off") refuse(-22, "on or off, not %", word);
	if (isOn === !!before) return;
	context.onChangeBefore = isOn ? (model.onChange ?? (() => {})) : undefined;
	model.onChange = isOn
		? (object, instance, resource, part) => {
				context.onChangeBefore?.(object, instance, resource, part);
				const path = pathOf(object, instance, resource, part);
				context.print(lineOf(model, path) || `${path} is gone`);
			}
		: before;
}

function started(client: ShellClient): ShellClient {
	if (!isStarted(client)) refuse(-1, "the client is not started"); // EPERM
	return client;
}

function isStarted({ servers, bootstrapping }: ShellClient): boolean {
	return servers.length > 0 || bootstrapping !== undefined;
}

/** How long until then, "" for ever. */
function secondsUntil(deadlineMs: number, { clock }: Platform): string {
	return deadlineMs < 1 / 0 ? `${Math.max(0, Math.ceil((deadlineMs - clock.now()) / 1000))} s` : "";
}
