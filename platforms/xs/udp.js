// ECMA-419 UDP socket, for IPv4 and IPv6, with forms of ours that allocate nothing:
//   options remoteAddress, remotePort: only that peer is heard;
//   read(into): the datagram's length, 0 where it was longer than `into`, -1 where none waits;
//   send(from, count): the first `count` bytes, to that peer.
class UDP @ "xs_udp_destroy" {
	constructor(options) @ "xs_udp";
	close() @ "xs_udp_close";
	read(into) @ "xs_udp_read";
	write(from, address, port) @ "xs_udp_write";
	send(from, count) @ "xs_udp_send";
	get port() @ "xs_udp_port";
}
Object.freeze(UDP.prototype);

export default UDP;
