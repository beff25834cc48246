// ECMA-419 TCP socket, with forms of ours that allocate nothing:
//   read(into): takes what waits, at most the buffer's length; the count, 0 where nothing waits;
//   send(from, start, end): takes what fits of the range; the count.
class TCP @ "xs_tcp_destroy" {
	constructor(options) @ "xs_tcp";
	close() @ "xs_tcp_close";
	read(into) @ "xs_tcp_read";
	write(from) @ "xs_tcp_write";
	send(from, start, end) @ "xs_tcp_send";
}
Object.freeze(TCP.prototype);

export default TCP;
