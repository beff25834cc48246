// lwm2m start, stop, update, pause, resume, lock, unlock, send, cache: what the client does.
import { type Context, EINPROGRESS, EPERM, Refused, type Reply, unsupported } from "./command.js";
import type { ShellClient } from "./shell-client.js";
import { parse } from "./target.js";

export function start({ client }: Context, words: readonly string[]): Reply {
	const [name, specifier, flag] = words;
	if (words.length === 2) return "no specifier or value";
	if (words.length === 3 && specifier !== "-b") return `unknown specifier ${specifier}`;
	if (words.length === 3 && !(Number(flag) >= 0)) return `Invalid number: ${flag}`;
	if (client.servers.length > 0) throw new Refused(EINPROGRESS, "it is started already");
	if (name !== undefined) client.endpointName = name;
	if (!flag || Number(flag) === 0) client.start();
	else if (client.bootstrap) client.bootstrap();
	else unsupported();
	return undefined;
}

export function stop({ client }: Context, [option]: readonly string[]): Reply {
	if (option !== undefined && option !== "-f") return `can't recognize specifier ${option}`;
	needStarted(client);
	client.stop(undefined, option === "-f");
	return undefined;
}

export function update({ client }: Context): Reply {
	needStarted(client);
	client.update();
	return undefined;
}

export function pause({ client }: Context): Reply {
	needStarted(client);
	if (!client.pause) unsupported();
	client.pause();
	return undefined;
}

export function resume({ client }: Context): Reply {
	needStarted(client);
	if (!client.resume) unsupported();
	client.resume();
	return undefined;
}

/** While it is locked, changes of values are gathered and nothing is notified. Locks nest, as Zephyr's mutex does. */
export function lock({ client }: Context): Reply {
	client.registry.model.beginBatch();
	return undefined;
}

export function unlock({ client }: Context): Reply {
	if (!client.registry.model.endBatch()) throw new Refused(EPERM, "it is not locked");
	return undefined;
}

export function send({ client, log }: Context, words: readonly string[]): Reply {
	if (words.length === 0) return "no path(s)";
	const paths = words.map((word) => pathOf(word, 1));
	if (!client.send) unsupported();
	client.send(paths, (status) => log.info(`SEND status: ${status}`));
	return undefined;
}

export function cache({ client }: Context, [path, count]: readonly string[]): Reply {
	const ids = parse(path!, 0, 4);
	if (ids.length < 3) return `Path string not correct: ${path} is not a resource`;
	const { cache } = client;
	if (!cache) unsupported();
	const samples = Number(count);
	if (!(samples >= 1 && Number.isInteger(samples))) return `Size must be 1 or more (given ${count})`;
	const full = pathOf(path!, 3);
	if (cache.has(full)) return `Cache already enabled for ${path}`;
	cache.enable(full, samples);
	return undefined;
}

function pathOf(word: string, least: number): string {
	return `/${parse(word, least, 4).join("/")}`;
}

function needStarted(client: ShellClient): void {
	if (client.servers.length === 0) throw new Refused(EPERM, "the client is not started");
}
