// lwm2m send, cache, start, stop, update, pause, resume, lock, unlock, obs, status, stats, observe-changes: the client.
import type { Platform } from "../platform.js";
import { type Commands, type Context, fill, type Reply, refuse, unsupported } from "./command.js";
import { Place } from "./place.js";
import type { ShellClient } from "./shell-client.js";
import { lineOf } from "./values.js";

const KINDS = "empty requests responses notifications";

export const clientCommands: Commands = Object.freeze({
	send({ client }: Context, _word: string, words: readonly string[]): Reply {
		if (words.length === 0) return "no path(s)";
		const paths = words.map((path) => new Place(client.registry.model, path, 1).absolute());
		if (!client.send) unsupported();
		client.send(paths, (status) => client.log.info(`SEND status: ${status}`));
	},

	cache({ client }: Context, word: string, words: readonly string[]): Reply {
		const place = new Place(client.registry.model, word, 0);
		const path = place.absolute();
		const samples = Number(words[1]);
		const cache = client.cache;
		if (place.depth < 3) return `Path string not correct: ${path}`;
		if (!cache) unsupported();
		if (cache.has(path)) return `Cache already enabled for ${word}`;
		if (!(samples >= 1)) return `Size must be 1 or more (given ${words[1]})`;
		cache.enable(path, Math.floor(samples));
	},

	start({ client }: Context, word: string, words: readonly string[]): Reply {
		const isBootstrap = Number(words[2] ?? 0);
		if (words.length === 2) return "no specifier or value";
		if (words.length > 2 && words[1] !== "-b") return `unknown specifier ${words[1]}`;
		if (!(isBootstrap >= 0)) return `Invalid number: ${words[2]}`;
		if (isStarted(client)) refuse(-119, "it is started already"); // EINPROGRESS
		if (isBootstrap && !client.bootstrap) unsupported();
		if (words.length > 0) client.endpointName = word;
		return isBootstrap ? client.bootstrap!() : client.start();
	},

	stop({ client }: Context, word: string): Reply {
		if (word && word !== "-f") return `can't recognize specifier ${word}`;
		started(client).stop(undefined, word !== "");
	},

	update({ client }: Context): Reply {
		if (started(client).servers.length === 0) refuse(-1, "the client is bootstrapping"); // EPERM
		client.update();
	},

	pause({ client }: Context): Reply {
		if (!client.pause) unsupported();
		started(client).pause!();
	},

	resume({ client }: Context): Reply {
		if (!client.resume) unsupported();
		started(client).resume!();
	},

	lock({ client }: Context): Reply {
		client.registry.model.beginBatch();
	},

	unlock({ client }: Context): Reply {
		if (!client.registry.model.endBatch()) refuse(-1, "it is not locked"); // EPERM
	},

	/** Zephyr's table: number, composite or not, then a line a path with what is set for it. */
	obs({ client }: Context): Reply {
		const list = client.observations.list ?? unsupported();
		return (n) => {
			const one = list[n - 1];
			if (n === 0) return " #  composite               path      pmin      pmax        gt        lt        st";
			if (!one) return undefined;
			const ids = one.paths ?? [one.object, one.instance, one.resource, one.resourceInstance];
			let lines = `${n - 1}`.padStart(2) + (one.paths ? "y" : "n").padStart(11);
			for (let at = 0; at < ids.length; at += 4) {
				const server = one.session.shortServerId;
				const set = client.attributes.effective(server, ids[at]!, ids[at + 1]!, ids[at + 2]!, ids[at + 3]!);
				let path = `${ids[at]}`;
				for (let i = at + 1; i < at + 4; i++) if (ids[i]! >= 0) path += `/${ids[i]}`;
				lines += (at > 0 ? "\n".padEnd(15) : " ") + path.padEnd(18);
				for (let i = 0; i < 5; i++) lines += `${(i < 2 ? set[i] : set[i]?.toFixed(6)) ?? ""}`.padStart(10);
			}
			return lines;
		};
	},

	status({ client, platform }: Context): Reply {
		const bootstrapping = client.bootstrapping;
		let text = `endpoint: ${client.endpointName}`;
		if (bootstrapping) {
			const { deadline, stateName } = bootstrapping.bootstrap;
			const wait = secondsUntil(deadline, platform);
			text += fill("\nbootstrap server: %\n  state: %%", bootstrapping.uri, stateName, wait && `, for ${wait} at most`);
		} else if (client.servers.length === 0) text += "\nstate: stopped";
		return client.servers.reduce((before, server) => {
			const registration = server.registration;
			const wait = secondsUntil(registration.deadline, platform);
			return fill(
				"%\nserver %: %\n  state: %, LwM2M %\n  registration: %\n  lifetime left: % s\n  next update: %\n  queue mode: %\n  security: %\n  cid: %",
				before,
				server.shortServerId,
				server.uri,
				registration.stateName,
				server.enabler,
				registration.location || "none",
				Math.floor(registration.lifetimeLeftSeconds()),
				wait ? `in ${wait}` : "none",
				server.queueState ?? "off",
				server.security ?? securityOf(client, server.shortServerId),
				server.cid ?? "none",
			);
		}, text);
	},

	stats({ client, platform }: Context): Reply {
		const memory = platform.memory();
		return client.servers.reduce(
			(text, server) => {
				const traffic = server.endpoint.traffic;
				const { bytesSentBy, bytesReceivedBy } = traffic;
				const kinds = bytesSentBy && bytesReceivedBy ? KINDS.split(" ") : [];
				return fill(
					"%\nserver %: % messages out, % in, % retransmitted\n  bytes: % out, % in%\n  handshakes: %",
					text,
					server.shortServerId,
					traffic.sent,
					traffic.received,
					traffic.retransmitted,
					traffic.bytesSent,
					traffic.bytesReceived,
					kinds.map((kind, i) => fill("\n  %: % bytes out, % in", kind, bytesSentBy![i], bytesReceivedBy![i])).join(""),
					server.handshakes ?? 0,
				);
			},
			fill(
				"slots: % of % bytes, peak %\nchunks: % bytes, peak %\ncollections: %",
				memory.slots,
				memory.slotBytes,
				memory.slotsPeak,
				memory.chunks,
				memory.chunksPeak,
				memory.collections,
			),
		);
	},

	/** Puts a listener in front of the client's, which still comes first. */
	"observe-changes"(context: Context, word: string): Reply {
		const model = context.client.registry.model;
		const isOn = word === "on";
		const before = context.onChangeBefore;
		if (!isOn && word !== "off") refuse(-22, `on or off, not ${word}`);
		if (isOn === !!before) return;
		context.onChangeBefore = isOn ? (model.onChange ?? (() => {})) : undefined;
		model.onChange = isOn
			? (object, instance, resource, part) => {
					context.onChangeBefore?.(object, instance, resource, part);
					const path = `${object}/${instance}/${resource}${part < 0 ? "" : `/${part}`}`;
					context.print(lineOf(model, path) || `${path} is gone`);
				}
			: before;
	},
});

function started(client: ShellClient): ShellClient {
	if (!isStarted(client)) refuse(-1, "the client is not started"); // EPERM
	return client;
}

function isStarted({ servers, bootstrapping }: ShellClient): boolean {
	return servers.length > 0 || bootstrapping !== undefined;
}

/** How long until then, "" for ever. */
function secondsUntil(deadlineMs: number, { clock }: Platform): string {
	return deadlineMs < Number.POSITIVE_INFINITY ? `${Math.max(0, Math.ceil((deadlineMs - clock.now()) / 1000))} s` : "";
}

/** The security mode of a server's account. */
function securityOf({ registry: { model } }: ShellClient, shortServerId: number): unknown {
	const instance = model.objects[0]!.instanceIds.find((one) => model.stored(0, one, 10, -1) === shortServerId);
	const mode = model.stored(0, instance!, 2, -1);
	return mode === 0 ? "PSK" : mode === 2 ? "X.509" : mode === 3 ? "none" : mode;
}
