// Node's side of src/security/dtls.d.ts, over the addon that scripts/lib/build-addon.mjs builds. The build puts it where
// the compiled client looks for the native class of XS.
import { createRequire } from "node:module";

let addon;

// Only when it is needed: what does without DTLS does without the addon. Seen from build/js/src/security.
function native() {
	addon ??= createRequire(import.meta.url)("../../../dtls/dtls.node");
	return addon;
}

export default class Dtls {
	#session;

	constructor(options) {
		const { createConfig, createSession } = native();
		this.#session = createSession(createConfig(options));
	}
	start() {
		return native().start(this.#session);
	}
	receive(datagram, count) {
		return native().receive(this.#session, datagram, count);
	}
	feed(bytes, start, end) {
		return native().feed(this.#session, bytes, start, end);
	}
	expire() {
		return native().expire(this.#session);
	}
	end() {
		return native().end(this.#session);
	}
	events() {
		return native().events(this.#session);
	}
	read(into) {
		return native().read(this.#session, into);
	}
	take(into) {
		return native().take(this.#session, into);
	}
	send(plaintext, count, into) {
		return native().send(this.#session, plaintext, count, into);
	}
	save(reserve, into) {
		return native().save(this.#session, reserve, into);
	}
	saved() {
		native().saved(this.#session);
	}
	load(blob, count) {
		return native().load(this.#session, blob, count);
	}
	close() {
		native().close(this.#session);
	}
	get timeout() {
		return native().timeout(this.#session);
	}
	get state() {
		return native().state(this.#session);
	}
	get error() {
		return native().error(this.#session);
	}
	get alert() {
		return native().alert(this.#session);
	}
	get cipherSuite() {
		return native().cipherSuite(this.#session);
	}
	get hasPeerCid() {
		return native().hasPeerCid(this.#session);
	}
	get maxPlaintext() {
		return native().maxPlaintext(this.#session);
	}
	static describe(error) {
		return native().describe(error);
	}
	static setSlice(operations) {
		native().setSlice(operations);
	}
}
