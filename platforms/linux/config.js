// The module `mc/config`, which the SDK makes of the manifest for boards and not for its Linux target: here the keys are
// words of the program's command line, in mcconfig's own form, `server=coap://127.0.0.1`, or what the build was told.
function value(key) @ "xs_linux_value";

export default Object.freeze({
	get endpoint() { return value("endpoint"); },
	get server() { return value("server"); },
	get bootstrap() { return value("bootstrap"); },
	get pskIdentity() { return value("pskIdentity"); },
	get pskKey() { return value("pskKey"); },
	get cert() { return value("cert"); },
	get key() { return value("key"); },
	get serverCert() { return value("serverCert"); },
	get lifetime() { return value("lifetime"); },
	get binding() { return value("binding"); },
	get shortServerId() { return value("shortServerId"); },
	get lwm2m() { return value("lwm2m"); },
	get cid() { return value("cid"); },
	get firmwareKey() { return value("firmwareKey"); },
	get firmwareCa() { return value("firmwareCa"); },
	get noDowngrade() { return value("noDowngrade"); },
	get noStart() { return value("noStart"); },
	get log() { return value("log"); },
	get storage() { return value("storage"); },
	get shell() { return value("shell"); },
});
