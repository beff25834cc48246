// log, reboot, factory-reset, kernel: the device beside its LwM2M client.
import { LEVELS } from "../log.js";
import { type Context, EINVAL, type Lines, Refused, type Reply, unsupported } from "./command.js";

export function level({ log }: Context, [name]: readonly string[]): Reply {
	if (name === undefined) return LEVELS[log.level];
	const found = LEVELS.indexOf(name);
	if (found < 0) throw new Refused(EINVAL, `${name} is none of ${LEVELS.join(", ")}`);
	log.level = found;
	return undefined;
}

export function reboot({ platform }: Context): Reply {
	return new Restart(() => platform.restart());
}

/** Forgets what is stored, accounts and registrations included, and starts again as it was delivered. */
export function factoryReset({ platform }: Context): Reply {
	const storage = platform.storage ?? unsupported();
	return new Restart(() => {
		storage.clear();
		platform.restart();
	});
}

export function version({ version }: Context): Reply {
	return `lwm2m-xs version ${version}`;
}

export function uptime({ platform, startedAtMs }: Context, [option]: readonly string[]): Reply {
	const ms = Math.floor(platform.clock.now() - startedAtMs);
	if (option === undefined) return `Uptime: ${ms} ms`;
	if (option !== "-p" && option !== "--pretty") return `Unsupported option: ${option}`;
	const seconds = Math.floor(ms / 1000);
	const hours = Math.floor(seconds / 3600);
	return `uptime: ${Math.floor(hours / 24)} days, ${hours % 24} hours, ${Math.floor(seconds / 60) % 60} minutes, ${seconds % 60} seconds, ${ms % 1000} milliseconds`;
}

/** Restarts once the port has taken what was written before. */
class Restart implements Lines {
	#run: () => void;

	constructor(run: () => void) {
		this.#run = run;
	}

	next(): undefined {
		this.#run();
	}
}
