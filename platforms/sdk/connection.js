// TCP on POSIX sockets, on Zephyr and Linux, in place of an SDK's that has no IPv6 or waits for the connection. The form is that of ECMA-419 with the
// additions of our own runtime (platforms/embedded.d.ts).
class Connection @ "xs_sdk_connection_destroy" {
	constructor(address, port, onEvent) @ "xs_sdk_connection";
	close() @ "xs_sdk_connection_close";
	read(into) @ "xs_sdk_connection_read";
	send(from, start, end) @ "xs_sdk_connection_send";
}
Object.freeze(Connection.prototype);

/** As in connection.c. */
const READABLE = 0;
const WRITABLE = 1;
/** What `onWritable` promises; `send` says what it took. */
const ROOM = 1024;

class TCP {
	#connection;
	constructor({ address, port, onReadable, onWritable, onError }) {
		this.#connection = new Connection(address, port, (event, message) => {
			if (event === READABLE) onReadable(1);
			else if (event === WRITABLE) onWritable(ROOM);
			else onError(message);
		});
	}
	read(into) {
		return this.#connection.read(into);
	}
	send(from, start, end) {
		return this.#connection.send(from, start, end);
	}
	close() {
		this.#connection.close();
	}
}
Object.freeze(TCP.prototype);

export default TCP;
