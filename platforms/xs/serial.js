// ECMA-419 serial port: a UART, and on a computer what takes its place. Options of ours: `device`, one of those that
// the port has (on the host `stdio`, `pty`, `tcp`), and `number`, the TCP port of the last; onClose, when the other
// side is gone for good. Forms of ours that allocate nothing:
//   read(into): takes what waits, at most the buffer's length; the count, 0 where nothing waits;
//   send(from, start, end): takes what fits of the range; the count.
class Serial @ "xs_serial_destroy" {
	constructor(options) @ "xs_serial";
	close() @ "xs_serial_close";
	read(into) @ "xs_serial_read";
	write(from) @ "xs_serial_write";
	send(from, start, end) @ "xs_serial_send";
	get isTerminal() @ "xs_serial_isTerminal";
	get name() @ "xs_serial_name";
}
Object.freeze(Serial.prototype);

export default Serial;
