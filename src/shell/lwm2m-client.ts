// lwm2m send, cache, start, stop, update, pause, resume, lock, unlock, obs, status, stats, observe-changes: the client.
import type { Platform } from "../platform.js";
import { type Context, fill, type Reply, refuse, unsupported } from "./command.js";
import { Place } from "./place.js";
import type { ShellClient } from "./shell-client.js";
import { lineOf, pathOf, valueCommands } from "./values.js";

/** As wide as the column of paths. `padStart` would be the only one of its kind in the firmware. */
const BLANKS = "                  ";

export function clientCommands(context: Context, words: readonly string[]): Reply {
	const { client, platform } = context;
	const { cache, servers } = client;
	const isStarted = servers.length > 0 || !!client.bootstrapping;
	const model = client.registry.model;
	const name = words[0];
	const word = words[1];
	switch (name) {
		case "send":
			if (word === undefined) return "no path(s)";
			if (!client.send) unsupported();
			client.send(
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
			if (isStarted) refuse(-119, "it is started already"); // EINPROGRESS
			if (isBootstrap && !client.bootstrap) unsupported();
			if (word !== undefined) client.endpointName = word;
			return isBootstrap ? client.bootstrap!() : client.start();
		}
		case "stop":
			if (word && word !== "-f") return `can't recognize specifier ${word}`;
			demand(isStarted);
			return client.stop(undefined, !!word);
		case "update":
			demand(isStarted);
			if (servers.length === 0) refuse(-1, "the client is bootstrapping"); // EPERM
			return client.update();
		case "pause":
		case "resume":
			if (!client[name]) unsupported();
			demand(isStarted);
			return client[name]();
		case "lock":
			return model.beginBatch();
		case "unlock":
			if (!model.endBatch()) refuse(-1, "it is not locked"); // EPERM
			return;
		case "obs":
			return observations(client);
		case "status":
			return status(client, platform);
		case "stats":
			return stats(client, platform);
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
		let lines = ` ${n - 1}`.slice(-2) + (one.paths ? "          y" : "          n");
		for (let at = 0; at < ids.length; at += 4) {
			const set = attributes.effective(one.session.shortServerId, ids[at]!, ids[at + 1]!, ids[at + 2]!, ids[at + 3]!);
			let path = `${ids[at]}`;
			for (let i = at + 1; i < at + 4; i++) if (ids[i]! >= 0) path += `/${ids[i]}`;
			lines += (at > 0 ? `\n${BLANKS.slice(4)}` : " ") + path + BLANKS.slice(path.length);
			for (let i = 0; i < 5; i++) {
				const value = `${(i < 2 ? set[i] : set[i]?.toFixed(6)) ?? ""}`;
				lines += BLANKS.slice(8 + value.length) + value;
			}
		}
		return lines;
	};
}

/** How it stands with the client, then with each server. */
function status({ bootstrapping, endpointName, servers, registry: { model } }: ShellClient, platform: Platform): Reply {
	return (n) => {
		const server = servers[n - 1];
		if (n === 0 && !bootstrapping) return `endpoint: ${endpointName}${servers.length > 0 ? "" : "\nstate: stopped"}`;
		const machine = n === 0 ? bootstrapping!.bootstrap : server?.registration;
		if (!machine) return;
		const { deadline, stateName } = machine;
		const seconds = Math.max(0, Math.ceil((deadline - platform.clock.now()) / 1000));
		const wait = deadline < Number.POSITIVE_INFINITY ? `${seconds} s` : "";
		if (!server)
			return fill(
				"endpoint: %\nbootstrap server: %\n  state: %%",
				endpointName,
				bootstrapping!.uri,
				stateName,
				wait && `, for ${wait} at most`,
			);
		const { registration, shortServerId } = server;
		const account = model.objects[0]!.instanceIds.find((one) => model.stored(0, one, 10, -1) === shortServerId)!;
		return fill(
			"server %: %\n  state: %, LwM2M %\n  registration: %\n  lifetime left: % s\n  next update: %\n  queue mode: %\n  security: %\n  cid: %",
			shortServerId,
			server.uri,
			stateName,
			server.enabler,
			registration.location || "none",
			Math.floor(registration.lifetimeLeftSeconds()),
			wait ? `in ${wait}` : "none",
			server.queueState ?? "off",
			["PSK", "RPK", "X.509", "none"][model.stored(0, account, 2, -1) as number], // of type INTEGER
			server.cid ?? "none",
		);
	};
}

/** What memory is used, then what has passed between the device and each server. */
function stats({ servers }: ShellClient, platform: Platform): Reply {
	return (n) => {
		const server = servers[n - 1];
		if (n === 0) {
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
	};
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

function demand(isStarted: boolean): void {
	if (!isStarted) refuse(-1, "the client is not started"); // EPERM
}
