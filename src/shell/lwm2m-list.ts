// lwm2m ls, obs, observe-changes: what there is, a line at a time.
import { isMultiple, type Model } from "../lwm2m/model.js";
import { type Context, ENOENT, type Lines, Refused, type Reply, unsupported } from "./command.js";
import type { ShellClient, ShellObservation } from "./shell-client.js";
import { nodeAt, parse, resourceAt, show, valueAt } from "./target.js";

export function list({ client }: Context, [path = "/"]: readonly string[]): Reply {
	const { model } = client.registry;
	const ids = parse(path, 0, 4);
	const [object, instance] = ids;
	if (object !== undefined && !nodeAt(model, object).instances[instance ?? -1] && instance !== undefined)
		throw new Refused(ENOENT, `no instance ${object}/${instance}`);
	// a resource must have a value; what is above it lists what it has
	if (ids.length > 2) {
		const { node, resource } = resourceAt(model, path);
		if (ids.length > 3 || !isMultiple(node.instances[instance!]![resource])) return lineOf(model, path);
	}
	return new Listing(model, ids);
}

/** Walks what lies below a path: objects, instances, resources, resource instances. Survives changes on the way. */
class Listing implements Lines {
	#model: Model;
	/** The ids of the path, and at each level the index of the next. */
	#ids: readonly number[];
	#at = [0, 0, 0, 0];

	constructor(model: Model, ids: readonly number[]) {
		this.#model = model;
		this.#ids = ids;
	}

	next(): string | undefined {
		const { objectIds, objects } = this.#model;
		for (;;) {
			const object = this.#id(0, objectIds);
			if (object === undefined) return undefined;
			const { instanceIds, instances, definition } = objects[object]!;
			const instance = this.#id(1, instanceIds);
			const resource = instance === undefined ? undefined : this.#id(2, definition.ids);
			const value = resource === undefined ? undefined : instances[instance!]?.[resource];
			const isMany = isMultiple(value);
			const resourceInstance = resource === undefined ? undefined : this.#id(3, isMany ? value.ids : [0]);
			if (resourceInstance === undefined) {
				// nothing more here: on at the level above
				this.#step(instance === undefined ? 0 : resource === undefined ? 1 : 2);
				continue;
			}
			this.#step(3);
			try {
				return lineOf(this.#model, `${object}/${instance}/${resource}${isMany ? `/${resourceInstance}` : ""}`);
			} catch {
				// executable, without a value, or its handler has none now: nothing to list
			}
		}
	}

	/** The id at a level: that of the path, once, or the next of the list. */
	#id(level: number, ids: readonly number[]): number | undefined {
		const index = this.#at[level]!;
		return level < this.#ids.length ? (index === 0 ? this.#ids[level] : undefined) : ids[index];
	}

	#step(level: number): void {
		this.#at[level]!++;
		this.#at.fill(0, level + 1);
	}
}

/** `3/0/0 : value` @throws Refused where there is none */
function lineOf(model: Model, path: string): string {
	const target = resourceAt(model, path);
	return `${path} : ${show(target.definition, valueAt(model, target))}`;
}

/** Zephyr's table: number, composite, then a line a path with its attributes. */
export function observations({ client }: Context): Reply {
	return new Observed(client, client.observations.list ?? unsupported());
}

class Observed implements Lines {
	#client: ShellClient;
	#list: readonly ShellObservation[];
	#index = -1;
	#path = 0;

	constructor(client: ShellClient, list: readonly ShellObservation[]) {
		this.#client = client;
		this.#list = list;
	}

	next(): string | undefined {
		if (this.#index < 0) {
			this.#index = 0;
			return ` #  composite               path      pmin      pmax        gt        lt        st`;
		}
		const one = this.#list[this.#index];
		if (!one) return undefined;
		const { paths } = one;
		const at = this.#path;
		const [object, instance, resource, resourceInstance] = paths
			? [paths[at]!, paths[at + 1]!, paths[at + 2]!, paths[at + 3]!]
			: [one.object, one.instance, one.resource, one.resourceInstance];
		const path = [object, instance, resource, resourceInstance].filter((id) => id >= 0).join("/");
		let line = at > 0 ? " ".repeat(14) : `${String(this.#index).padStart(2)} ${(paths ? "y" : "n").padStart(10)} `;
		line += path.padEnd(18);
		const { shortServerId } = one.session;
		const values = this.#client.attributes.effective(shortServerId, object, instance, resource, resourceInstance);
		for (let i = 0; i < 5; i++) {
			const value = values[i];
			line += (value === undefined ? "" : i < 2 ? String(value) : value.toFixed(6)).padStart(10);
		}
		this.#path += 4;
		if (this.#path >= (paths?.length ?? 0)) {
			this.#index++;
			this.#path = 0;
		}
		return line.trimEnd();
	}
}

/** Prints values as they change. The listener goes in front of the client's, which is called first. */
export function observeChanges(context: Context, [word]: readonly string[]): Reply {
	const { model } = context.client.registry;
	if (word !== "on" && word !== "off") return `on or off, not ${word}`;
	const { onChange } = model;
	if (isOurs(onChange)) {
		if (word === "off") model.onChange = onChange.before;
	} else if (word === "on") {
		const listener: Listener = Object.assign(
			(object: number, instance: number, resource: number, resourceInstance: number) => {
				onChange?.(object, instance, resource, resourceInstance);
				const path = `${object}/${instance}/${resource}${resourceInstance < 0 ? "" : `/${resourceInstance}`}`;
				let line = `${path} is gone`;
				try {
					line = lineOf(model, path);
				} catch {
					// a value that was removed has none
				}
				context.print(line);
			},
			{ before: onChange },
		);
		model.onChange = listener;
	}
	return undefined;
}

type OnChange = NonNullable<Model["onChange"]>;
type Listener = OnChange & { readonly before: OnChange | undefined };

function isOurs(onChange: OnChange | undefined): onChange is Listener {
	return !!onChange && "before" in onChange;
}
