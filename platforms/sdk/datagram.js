// A UDP socket with one peer, IPv4 or IPv6. datagram.d.ts says what each part does.
class Datagram @ "xs_sdk_datagram_destroy" {
	constructor(address, port, localPort, onReadable) @ "xs_sdk_datagram";
	close() @ "xs_sdk_datagram_close";
	read(into) @ "xs_sdk_datagram_read";
	write(from, count) @ "xs_sdk_datagram_write";
	get port() @ "xs_sdk_datagram_port";
}
Object.freeze(Datagram.prototype);

export default Datagram;
