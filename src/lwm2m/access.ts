// Access rights: what a server may do with an object instance, as Access Control (object 2) says.
// OMA-TS-LightweightM2M_Core-V1_1_1 8. In force where there is more than one server account and the device has object 2.
// An instance that no Access Control instance speaks of is everybody's.

import type { Transfer } from "../coap/transfer.js";
import { RECORD } from "../codec/codec.js";
import { codecOf } from "../codec/codecs.js";
import { setBase } from "../codec/record.js";
import { SECURITY, SERVER } from "./accounts.js";
import type { Decoded } from "./decoded.js";
import { isMultiple, type Model } from "./model.js";

/** Rights by bit, resource 2/x/2. */
export const READ = 1;
export const WRITE = 2;
export const EXECUTE = 4;
export const DELETE = 8;
export const CREATE = 16;

const ACCESS_CONTROL = 2;
/** Its resources. */
const OBJECT_ID = 0;
const INSTANCE_ID = 1;
const RIGHTS = 2;
const OWNER = 3;
/** In place of an instance: the object itself, for Create. */
const OBJECT = 65535;
/** The entry of the rights that hold for servers without one of their own. */
const DEFAULT = 0;

export class Access {
	#model: Model;

	constructor(model: Model) {
		this.#model = model;
	}

	/** True where there is somebody to keep apart. */
	get isInForce(): boolean {
		const { objects } = this.#model;
		return objects[ACCESS_CONTROL] !== undefined && objects[SERVER]!.instanceIds.length > 1;
	}

	/**
	 * True where the server may do it. @param instance -1: all instances of the object, or with CREATE the object
	 * @param right one of the constants above
	 */
	allows(server: number, object: number, instance: number, right: number): boolean {
		if (object === SECURITY || !this.isInForce) return true;
		if (right === CREATE) return this.#allowsOne(server, object, OBJECT, right);
		const node = this.#model.objects[object];
		if (!node) return true;
		if (instance >= 0) return this.#allowsOne(server, object, instance, right);
		for (const one of node.instanceIds) if (!this.#allowsOne(server, object, one, right)) return false;
		return true;
	}

	/** A server has created an instance: it is its owner. */
	created(server: number, object: number, instance: number): void {
		const model = this.#model;
		if (!this.isInForce || object === ACCESS_CONTROL) return;
		const id = model.freeInstance(ACCESS_CONTROL);
		if (!model.createInstance(ACCESS_CONTROL, id)) return;
		model.assign(ACCESS_CONTROL, id, OBJECT_ID, -1, object);
		model.assign(ACCESS_CONTROL, id, INSTANCE_ID, -1, instance);
		model.assign(ACCESS_CONTROL, id, OWNER, -1, server);
	}

	/** An instance is gone, and with it what was said of it. */
	deleted(object: number, instance: number): void {
		if (object <= ACCESS_CONTROL) return;
		const id = this.#find(object, instance);
		if (id >= 0) this.#model.deleteInstance(ACCESS_CONTROL, id);
	}

	#allowsOne(server: number, object: number, instance: number, right: number): boolean {
		const model = this.#model;
		// everybody may see the rules; their owner alone changes them, and nobody but the bootstrap server makes or ends them
		if (object === ACCESS_CONTROL)
			return right === READ || (right === WRITE && model.stored(ACCESS_CONTROL, instance, OWNER, -1) === server);
		const id = this.#find(object, instance);
		if (id < 0) return true;
		const rights = model.objects[ACCESS_CONTROL]!.instances[id]![RIGHTS];
		const isListed = isMultiple(rights) && rights.values.length > 0;
		const own = isListed ? model.stored(ACCESS_CONTROL, id, RIGHTS, server) : undefined;
		if (own !== undefined) return (Number(own) & right) !== 0;
		if (model.stored(ACCESS_CONTROL, id, OWNER, -1) === server) return right !== CREATE;
		return (Number(model.stored(ACCESS_CONTROL, id, RIGHTS, DEFAULT) ?? 0) & right) !== 0;
	}

	/** The Access Control instance that speaks of an instance, -1 where none does. */
	#find(object: number, instance: number): number {
		const node = this.#model.objects[ACCESS_CONTROL];
		if (!node) return -1;
		for (const id of node.instanceIds) {
			const values = node.instances[id]!;
			if (values[OBJECT_ID] === object && values[INSTANCE_ID] === instance) return id;
		}
		return -1;
	}
}

/** A Write-Composite: true where the server may write every instance that the payload names. */
export function mayWriteAll(record: Decoded, access: Access, server: number, transfer: Transfer): boolean {
	const { message } = transfer;
	const codec = codecOf(message.format);
	if (!codec) return true; // refused for its format
	setBase(record, -1, -1, -1, -1);
	codec.open(record, transfer.bytes, transfer.start, transfer.end);
	while (codec.next(record) === RECORD) if (!access.allows(server, record.object, record.instance, WRITE)) return false;
	return true;
}
