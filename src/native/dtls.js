// One DTLS client session as a native object. ../security/dtls.d.ts has its documentation.
class Dtls @ "xs_dtls_destroy" {
	constructor(options) @ "xs_dtls";
	start() @ "xs_dtls_start";
	receive(datagram, count) @ "xs_dtls_receive";
	feed(bytes, start, end) @ "xs_dtls_feed";
	expire() @ "xs_dtls_expire";
	end() @ "xs_dtls_end";
	events() @ "xs_dtls_events";
	read(into) @ "xs_dtls_read";
	take(into) @ "xs_dtls_take";
	send(plaintext, count, into) @ "xs_dtls_send";
	save(reserve, into) @ "xs_dtls_save";
	saved() @ "xs_dtls_saved";
	load(blob, count) @ "xs_dtls_load";
	close() @ "xs_dtls_close";
	get timeout() @ "xs_dtls_get_timeout";
	get state() @ "xs_dtls_get_state";
	get error() @ "xs_dtls_get_error";
	get alert() @ "xs_dtls_get_alert";
	get cipherSuite() @ "xs_dtls_get_cipherSuite";
	get hasPeerCid() @ "xs_dtls_get_hasPeerCid";
	get maxPlaintext() @ "xs_dtls_get_maxPlaintext";
	static describe(error) @ "xs_dtls_describe";
	static setSlice(operations) @ "xs_dtls_setSlice";
}
Object.freeze(Dtls.prototype);

export default Dtls;
