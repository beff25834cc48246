// The least that fetches a file by stop-and-wait, RFC 7959: every datagram that comes brings the request for the next block,
// and nothing else happens. Words: the server's port, the number of blocks, how often. A process of its own, as the device is.
import { createSocket } from "node:dgram";
import { datagram } from "../support/coap.js";

const [port = 0, count = 0, times = 1] = process.argv.slice(2).map(Number);
const socket = createSocket("udp4");
let number = 0;
let rounds = 0;

/** A datagram that gets lost, or a server that ends, is a fault of the measurement. */
const SILENCE_MS = 10_000;
const timer = setTimeout(() => {
	console.error(`the server has not answered for ${SILENCE_MS / 1000} s`);
	process.exit(1);
}, SILENCE_MS);

function ask(): void {
	socket.send(datagram({ code: 1, mid: number & 0xffff, path: "fw", block2: number * 16 + 6 }));
}

socket.on("message", () => {
	timer.refresh();
	number = (number + 1) % count;
	if (number === 0) rounds++;
	if (rounds < times) ask();
	else {
		clearTimeout(timer);
		socket.close();
	}
});
socket.connect(port, "127.0.0.1", ask);
