// Takes a server's request to the operation that it asks for and answers it. The table of methods and paths is that
// of OMA-TS-LightweightM2M_Core-V1_1_1 6.3 and 6.4 (CoAP binding).
// Memory: DEFERRED_REQUESTS copies of requests that handlers have put off. A plain request allocates nothing here.

import { readText } from "../bytes.js";
import type { Message } from "../coap/message.js";
import { OK, PROXY_ERROR } from "../coap/message.js";
import {
	BAD_OPTION,
	BAD_REQUEST,
	CHANGED,
	CONTINUE,
	CREATED,
	DELETE as DELETE_METHOD,
	FETCH,
	GET,
	INTERNAL_SERVER_ERROR,
	IPATCH,
	isRefusal,
	LOCATION_PATH,
	METHOD_NOT_ALLOWED,
	NOT_FOUND,
	POST,
	PROXYING_NOT_SUPPORTED,
	PUT,
	SERVICE_UNAVAILABLE,
	UNAUTHORIZED,
	UNSUPPORTED_CONTENT_FORMAT,
} from "../coap/numbers.js";
import { COMPLETE } from "../coap/transfer.js";
import { addText } from "../coap/writer.js";
import { LINK_FORMAT, TEXT } from "../codec/codec.js";
import type { Log } from "../log.js";
import { Access, CREATE, DELETE, EXECUTE, mayWriteAll, READ, WRITE } from "./access.js";
import { Answer } from "./answer.js";
import { parseArguments } from "./arguments.js";
import { type Attributes, readAttributes } from "./attributes.js";
import { readComposite, writeComposite } from "./composite.js";
import { setReader, setSamples } from "./cursor.js";
import { Deferral } from "./deferral.js";
import { BOOLEAN, E, isNumeric } from "./definition.js";
import { handlerOf, holds, isMultiple, LATER, type Model } from "./model.js";
import type { Observations } from "./observe.js";
import { ANSWERED, discover, PUT_OFF, read } from "./read.js";
import type { Registry } from "./registry.js";
import type { Session } from "./session.js";
import { create, remove, write } from "./write.js";

const SECURITY = 0;

/** A resource whose value is too large for memory: its Writes are taken as they come, block by block. */
export interface Streamed {
	readonly object: number;
	readonly resource: number;
	/** The longest value, bytes. */
	readonly limitBytes: number;
	/** Takes the request in `message`, whole or a block. @returns the code to answer with */
	write(from: Session, now: number): number;
	/** Another one, of another object. */
	readonly next: Streamed | undefined;
}

export class Dispatcher {
	/** What servers may do, where there are several. */
	readonly access: Access;
	streamed: Streamed | undefined;
	/** A request had to do with its object. */
	hasTouchedStreamed = false;
	#model: Model;
	#observations: Observations;
	#attributes: Attributes;
	#answer = new Answer();
	#deferral: Deferral;
	#log: Log;

	constructor(
		registry: Registry,
		observations: Observations,
		attributes: Attributes,
		log: Log,
		now: () => number,
		wake: () => void,
	) {
		this.#model = registry.model;
		this.access = new Access(registry.model);
		this.#observations = observations;
		this.#attributes = attributes;
		this.#log = log;
		this.#deferral = new Deferral(registry, now, (session, code) => this.#resume(session, code), wake);
	}

	/** Answers the request in `message`, or lets a handler do so later. @param verdict what `message.parse` said of it */
	handle(session: Session, verdict: number): void {
		const { message } = session.endpoint;
		const answer = this.#answer;
		answer.take(session, false);
		if (verdict !== OK) {
			answer.code(verdict === PROXY_ERROR ? PROXYING_NOT_SUPPORTED : BAD_OPTION);
			return;
		}
		if (this.#deferral.isInUse && this.#deferral.isPending(session)) {
			session.endpoint.acknowledge();
			return;
		}
		let { streamed } = this;
		while (streamed) {
			if (message.object === streamed.object || message.object < 0) {
				this.hasTouchedStreamed = true;
				if (this.#isWriteOf(message, streamed)) {
					const { object, instance } = message;
					const isAllowed =
						!this.access.isInForce || this.access.allows(session.shortServerId, object, instance, WRITE);
					answer.code(isAllowed ? streamed.write(session, message.now) : UNAUTHORIZED, streamed.limitBytes);
					return;
				}
			}
			streamed = streamed.next;
		}
		const { transfer } = session;
		const received = transfer.receive(message.now);
		if (received !== COMPLETE) {
			answer.code((received === CONTINUE && this.#refuseEarly()) || received);
			return;
		}
		this.#deferral.begin(session);
		this.#run(session, false);
		this.#deferral.end();
	}

	/** The short server id of who has sent the request in hand, or the last one; 0 for nobody. */
	get requestor(): number {
		return this.#answer.session?.shortServerId ?? 0;
	}

	/** Forgets what a server has pending. */
	forget(session: Session): void {
		this.#deferral.forget(session);
	}

	/** Answers requests that were put off. @returns when it wants to be called again */
	step(now: number): number {
		return this.#deferral.step(now);
	}

	#run(session: Session, isResumed: boolean): void {
		const { message } = session.endpoint;
		const { cursor } = this.#model;
		let outcome: number;
		try {
			const isInForce = this.access.isInForce;
			if (isInForce && !this.#isAllowed(session)) outcome = UNAUTHORIZED;
			else {
				if (isInForce) setReader(cursor, session.mayRead);
				outcome = this.#operate(session, isResumed);
			}
		} catch (error) {
			if (this.#deferral.hasNoRoom) {
				this.#deferral.hasNoRoom = false;
				this.#log.warning(`Handler of ${pathText(message)}: ${error}`);
				outcome = SERVICE_UNAVAILABLE;
			} else {
				this.#log.error(`Handler of ${pathText(message)} failed: ${error}`);
				outcome = INTERNAL_SERVER_ERROR;
			}
		}
		if (cursor.mayRead) setReader(cursor, undefined);
		if (cursor.findSamples) setSamples(cursor, undefined);
		if (outcome === PUT_OFF) {
			if (!this.#deferral.keep(session)) {
				this.#log.error(`Handler of ${pathText(message)} answers later without having taken a ticket`);
				this.#refuse(session, INTERNAL_SERVER_ERROR);
			} else if (!this.#answer.isSeparate) session.endpoint.acknowledge();
		} else if (outcome !== ANSWERED) this.#refuse(session, outcome);
	}

	/**
	 * A handler has answered: a Read is done again (the value is at hand now), what is to be written is stored, an
	 * Execute has its code.
	 */
	#resume(session: Session, code: number): void {
		const { message } = session.endpoint;
		this.#answer.take(session, true);
		if (isRefusal(code)) this.#refuse(session, code);
		else if (message.code === POST && this.#isExecutable()) this.#answer.code(code);
		else this.#run(session, true);
	}

	/** Answers with a code alone. An observation that is refused does not begin, RFC 7641 4.1. */
	#refuse(session: Session, code: number): void {
		const { message } = session.endpoint;
		const { code: method, observe } = message;
		// what a refused FETCH names is not known: it is found by its token
		if (observe === 0 && (method === GET || method === FETCH))
			this.#observations.cancel(session, method === FETCH ? [] : undefined);
		this.#answer.code(code);
	}

	#isExecutable(): boolean {
		const { message } = this.#answer;
		const { object, resource, pathDepth } = message;
		return pathDepth === 3 && this.#model.objects[object]?.definition.resources[resource]?.operations === E;
	}

	/** @returns the code to answer with, ANSWERED or PUT_OFF */
	#operate(session: Session, isResumed: boolean): number {
		const { message } = session.endpoint;
		const { code, object, pathDepth, accept } = message;
		if (object === SECURITY) return UNAUTHORIZED;
		if (pathDepth < 0) return NOT_FOUND;
		if (code === GET)
			return accept === LINK_FORMAT
				? discover(this.#model, this.#attributes, this.#answer, message.now)
				: read(this.#model, this.#observations, this.#answer, message.now);
		if (code === PUT)
			return message.queryCount > 0 && message.format < 0 && session.transfer.start === session.transfer.end
				? this.#writeAttributes(session)
				: write(this.#model, session.transfer, true, isResumed);
		if (code === POST) {
			if (pathDepth === 1) return this.#create(session);
			return this.#isExecutable() ? this.#execute(session) : write(this.#model, session.transfer, false, isResumed);
		}
		if (code === DELETE_METHOD) return remove(message, this.#model);
		if (code === FETCH) return readComposite(this.#model, this.#observations, this.#answer, message.now);
		return code === IPATCH ? writeComposite(this.#model, session.transfer, isResumed) : METHOD_NOT_ALLOWED;
	}

	/** Several servers: whether this one may do it at all. What a Read includes is up to the cursor. */
	#isAllowed({ shortServerId: server, transfer, mayRead }: Session): boolean {
		const { message } = this.#answer;
		const { code, object, instance, pathDepth, accept, format, queryCount } = message;
		const { access } = this;
		if (code === IPATCH) return mayWriteAll(this.#model.record, access, server, transfer);
		if (pathDepth < 1) return true;
		if (code === GET) {
			if (accept === LINK_FORMAT) return true;
			if (pathDepth > 1) return access.allows(server, object, instance, READ);
			const ids = this.#model.objects[object]?.instanceIds ?? [];
			return ids.length === 0 || ids.some((id) => mayRead?.(object, id) ?? true);
		}
		if (code === PUT && queryCount > 0 && format < 0) return access.allows(server, object, instance, READ);
		if (code === PUT) return access.allows(server, object, instance, WRITE);
		if (code === DELETE_METHOD) return access.allows(server, object, instance, pathDepth === 4 ? WRITE : DELETE);
		if (code !== POST) return true;
		if (pathDepth === 1) return access.allows(server, object, -1, CREATE);
		return access.allows(server, object, instance, this.#isExecutable() ? EXECUTE : WRITE);
	}

	#create(session: Session): number {
		const { message } = session.endpoint;
		const { record } = this.#model;
		const outcome = create(this.#model, session.transfer);
		if (outcome !== 0) return outcome;
		this.access.created(session.shortServerId, message.object, record.createdInstance);
		const answer = this.#answer;
		answer.begin(CREATED);
		addText(message, LOCATION_PATH, `${message.object}`);
		addText(message, LOCATION_PATH, `${record.createdInstance}`);
		if (answer.block1 >= 0) session.transfer.addBlock1(answer.block1, CREATED);
		answer.end();
		return ANSWERED;
	}

	/** OMA-TS-LightweightM2M_Core-V1_1_1 6.3.4 */
	#execute(session: Session): number {
		const { message } = session.endpoint;
		const { object, instance, resource, format } = message;
		const node = this.#model.objects[object]!;
		const handler = node.instances[instance] ? handlerOf(node, instance, resource) : undefined;
		if (!handler?.execute) return NOT_FOUND;
		if (format > TEXT) return UNSUPPORTED_CONTENT_FORMAT;
		const { bytes, start, end } = session.transfer;
		const text = start < end ? readText(bytes, start, end) : "";
		if (text === undefined || (!handler.takesAnyText && !parseArguments(text))) return BAD_REQUEST;
		const outcome = handler.execute(text, instance);
		if (outcome === LATER) return PUT_OFF;
		return typeof outcome === "number" ? outcome : CHANGED;
	}

	/** OMA-TS-LightweightM2M_Core-V1_1_1 6.3.7 */
	#writeAttributes(session: Session): number {
		const { message } = session.endpoint;
		const { object, instance, resource, resourceInstance, pathDepth } = message;
		if (pathDepth === 0) return METHOD_NOT_ALLOWED;
		const node = this.#model.objects[object];
		const values = node?.instances[instance];
		if (!node || (pathDepth > 1 && !values)) return NOT_FOUND;
		const definition = node.definition.resources[resource];
		const value = values?.[resource];
		if (pathDepth > 2 && !(definition && holds(node, instance, resource))) return NOT_FOUND;
		if (pathDepth > 2 && definition!.operations === E) return METHOD_NOT_ALLOWED;
		if (pathDepth === 4 && !(isMultiple(value) && value.ids.includes(resourceInstance))) return NOT_FOUND;
		const type = pathDepth > 2 ? definition?.type : undefined;
		const changes = readAttributes(message, session.enabler, isNumeric(type), type === BOOLEAN);
		if (!changes) return BAD_REQUEST;
		this.#observations.attributesChanged();
		return this.#attributes.write(session.shortServerId, object, instance, resource, resourceInstance, changes);
	}

	/** True where the request in `message` writes that resource of an instance that is there, and not its attributes. */
	#isWriteOf(message: Message, { object, resource }: Streamed): boolean {
		return (
			message.resource === resource &&
			message.object === object &&
			message.pathDepth === 3 &&
			message.code === PUT &&
			message.queryCount === 0 &&
			this.#model.objects[object]?.instances[message.instance] !== undefined
		);
	}

	/** Saves a server the rest of a block-wise request that will be refused whatever the rest is. */
	#refuseEarly(): number {
		const { message } = this.#answer;
		const { object, pathDepth, instance, code } = message;
		if (pathDepth === 0 && (code === FETCH || code === IPATCH)) return 0;
		if (object === SECURITY) return UNAUTHORIZED;
		const node = this.#model.objects[object];
		return pathDepth < 0 || !node || (pathDepth > 1 && !node.instances[instance]) ? NOT_FOUND : 0;
	}
}

/** True for a datagram with a request, RFC 7252 12.1.1. */
export function isRequest(datagram: Uint8Array, length: number): boolean {
	return length >= 4 && datagram[1]! > 0 && datagram[1]! < 0x20;
}

function pathText(message: Message): string {
	const { object, instance, resource, resourceInstance } = message;
	return [object, instance, resource, resourceInstance]
		.filter((id) => id >= 0)
		.reduce((text, id) => `${text}/${id}`, "");
}
