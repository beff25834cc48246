// Takes a bootstrap server's request to the operation that it asks for and answers it.
// OMA-TS-LightweightM2M_Core-V1_1_1 6.1.7.
import { BOOTSTRAP_PATH, OK, PROXY_ERROR } from "../coap/message.js";
import {
	BAD_OPTION,
	CHANGED,
	CONTINUE,
	DELETE,
	GET,
	METHOD_NOT_ALLOWED,
	NOT_ACCEPTABLE,
	NOT_FOUND,
	POST,
	PROXYING_NOT_SUPPORTED,
	PUT,
} from "../coap/numbers.js";
import { COMPLETE } from "../coap/transfer.js";
import { LINK_FORMAT } from "../codec/codec.js";
import type { Log } from "../log.js";
import { Answer } from "./answer.js";
import { bootstrapDiscover, bootstrapRead } from "./bootstrap-read.js";
import { bootstrapDelete, bootstrapWrite } from "./bootstrap-write.js";
import type { Model } from "./model.js";
import type { Session } from "./session.js";
import type { Snapshot } from "./snapshot.js";

export interface BootstrapOperationsOptions {
	model: Model;
	/** Keeps what is about to change. */
	snapshot: Snapshot;
	log: Log;
	now(): number;
	/** Finish: what is wrong with the configuration, in one line; undefined where it is whole. */
	check(): string | undefined;
	/** Finish is going to be accepted: the configuration is to be stored, so that the server is not told of what a power cut takes. */
	onAccept(): void;
	/** Finish has been accepted. */
	onFinish(): void;
}

export class BootstrapOperations {
	#options: BootstrapOperationsOptions;
	#answer = new Answer();

	constructor(options: BootstrapOperationsOptions) {
		this.#options = options;
	}

	/** Answers the request in `message`. @param verdict what `message.parse` said of it */
	handle(session: Session, verdict: number): void {
		const { message } = session.endpoint;
		const answer = this.#answer;
		answer.take(session, false);
		if (verdict !== OK) {
			answer.code(verdict === PROXY_ERROR ? PROXYING_NOT_SUPPORTED : BAD_OPTION);
			return;
		}
		const received = session.transfer.receive(this.#options.now());
		const code = received === COMPLETE ? this.#operate(session) : received;
		if (code !== 0) answer.code(code);
		if (received === CONTINUE) return;
		if (code === CHANGED && message.pathDepth === BOOTSTRAP_PATH) this.#options.onFinish();
	}

	/** @returns the code to answer with, 0 where it has been answered */
	#operate(session: Session): number {
		const { message } = session.endpoint;
		const { model, log, now, check, onAccept } = this.#options;
		const { code, pathDepth, accept } = message;
		if (pathDepth === BOOTSTRAP_PATH) {
			if (code !== POST) return METHOD_NOT_ALLOWED;
			const problem = check();
			if (problem === undefined) {
				onAccept();
				return CHANGED;
			}
			log.error(`Bootstrap: ${problem}`);
			return NOT_ACCEPTABLE;
		}
		if (pathDepth < 0) return NOT_FOUND;
		if (code === GET)
			return accept === LINK_FORMAT
				? bootstrapDiscover(model, this.#answer, now())
				: bootstrapRead(model, this.#answer, now());
		if (code !== PUT && code !== DELETE) return METHOD_NOT_ALLOWED;
		this.#keep();
		return code === PUT ? bootstrapWrite(model, session.transfer) : bootstrapDelete(message, model);
	}

	#keep(): void {
		const { message } = this.#answer;
		const { model, snapshot } = this.#options;
		if (message.pathDepth === 0) for (const id of model.objectIds) snapshot.keep(model, id);
		else snapshot.keep(model, message.object);
	}
}
