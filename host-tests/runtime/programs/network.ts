// Programs that use sockets.
import TCP from "embedded:io/socket/tcp";
import UDP from "embedded:io/socket/udp";
import Timer from "timer";
import * as host from "../../../platforms/xs/host.js";

/** Sends every datagram back to where it came from, by the standard's calls. */
export function udpEcho(address: string): void {
	const udp = new UDP({
		address,
		onReadable() {
			for (let datagram = udp.read(); datagram; datagram = udp.read())
				udp.write(datagram, datagram.address, datagram.port);
		},
	});
	host.log(`port ${udp.port}`);
}

/** Sends every datagram of one peer back to it, by the calls that allocate nothing; the buffer takes 16 bytes. */
export function udpPeer(remoteAddress: string, remotePort: string): void {
	const buffer = new Uint8Array(16);
	let calls = 0;
	const udp = new UDP({
		remoteAddress,
		remotePort: Number(remotePort),
		onReadable() {
			calls++;
			for (let count = udp.read(buffer); count >= 0; count = udp.read(buffer)) {
				if (count === 0) host.log("too long");
				else udp.send(buffer, count);
			}
		},
		onError: (message) => host.log(`error ${message}`),
	});
	host.log(`port ${udp.port}`);
	udp.send(buffer, 1);
	Timer.repeat(() => {
		host.log(`calls ${calls}`);
		calls = 0;
		udp.send(buffer, 1);
	}, 100);
}

/** What cannot work is refused before anything is opened. */
export function udpMisuse(): void {
	const attempts: (() => void)[] = [
		() => void new UDP({ address: "not an address" }),
		() => void new UDP({ port: 65_536 }),
		() => void new UDP({ remoteAddress: "127.0.0.1" }),
		// @ts-expect-error: a wrong type on purpose
		() => void new UDP({ onReadable: 5 }),
		// @ts-expect-error: nothing on purpose
		() => void new UDP(),
		() => new UDP({}).send(new Uint8Array(1), 1),
		() => new UDP({ remoteAddress: "127.0.0.1", remotePort: 9 }).send(new Uint8Array(1), 2),
		() => {
			const udp = new UDP({});
			udp.close();
			udp.close();
			udp.read();
		},
	];
	for (const attempt of attempts)
		try {
			attempt();
			host.log("no error");
		} catch (error) {
			host.log(String(error));
		}
	host.exit(0);
}

/** Sends back what comes, as fast as it is taken. */
export function tcpEcho(address: string, port: string): void {
	const buffer = new Uint8Array(512);
	let waiting = 0;
	const pump = () => {
		for (;;) {
			const sent = tcp.send(buffer, 0, waiting);
			buffer.copyWithin(0, sent, waiting);
			waiting -= sent;
			if (waiting > 0) return;
			waiting = tcp.read(buffer);
			if (waiting === 0) return;
		}
	};
	const tcp = new TCP({
		address,
		port: Number(port),
		onReadable: pump,
		onWritable() {
			host.log("writable");
			pump();
		},
		onError(message) {
			host.log(`closed ${message ?? "by peer"}`);
			host.exit(0);
		},
	});
}

/** Lets what comes wait for a while before each Read. */
export function tcpWaits(address: string, port: string): void {
	const buffer = new Uint8Array(4096);
	let waiting = 0;
	const tcp = new TCP({
		address,
		port: Number(port),
		onReadable(count) {
			waiting = count;
		},
	});
	Timer.repeat(() => {
		host.log(`waiting ${waiting}`);
		waiting = 0;
		host.log(`read ${tcp.read(buffer)}`);
	}, 500);
}

export function resolves(...names: string[]): void {
	let isInside = true;
	let left = names.length;
	for (const name of names)
		host.resolve(name, (address, message) => {
			host.log(`${name} ${isInside ? "at once" : "later"}: ${address ?? `none, ${message}`}`);
			if (--left === 0) host.exit(0);
		});
	isInside = false;
}
