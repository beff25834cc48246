// Capture files of IPv4 packets, for Wireshark to read. Node only.

/** Link type: raw IP. */
const RAW_IP = 101;
const IP_BYTES = 20;
const PORTS_BYTES = 4;

export const UDP = 17;
export const TCP = 6;

export interface Packet {
	protocol: typeof UDP | typeof TCP;
	/** From 192.0.2.1 to 192.0.2.2, or back. */
	isForth: boolean;
	from: number;
	to: number;
	/** What follows the ports. */
	rest: Uint8Array;
}

export function captureOf(packets: readonly Packet[]): Buffer {
	const head = Buffer.alloc(24);
	head.writeUInt32LE(0xa1b2c3d4, 0);
	head.writeUInt16LE(2, 4);
	head.writeUInt16LE(4, 6);
	head.writeUInt32LE(65535, 16);
	head.writeUInt32LE(RAW_IP, 20);
	return Buffer.concat([head, ...packets.flatMap(recordOf)]);
}

function recordOf({ protocol, isForth, from, to, rest }: Packet, index: number): Uint8Array[] {
	const length = IP_BYTES + PORTS_BYTES + rest.length;
	const record = Buffer.alloc(16);
	record.writeUInt32LE(index, 0);
	record.writeUInt32LE(length, 8);
	record.writeUInt32LE(length, 12);
	const ip = Buffer.alloc(IP_BYTES + PORTS_BYTES);
	ip[0] = 0x45;
	ip.writeUInt16BE(length, 2);
	ip[8] = 64;
	ip[9] = protocol;
	ip.set(isForth ? [192, 0, 2, 1, 192, 0, 2, 2] : [192, 0, 2, 2, 192, 0, 2, 1], 12);
	ip.writeUInt16BE(from, IP_BYTES);
	ip.writeUInt16BE(to, IP_BYTES + 2);
	return [record, ip, rest];
}
