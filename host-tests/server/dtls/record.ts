// What can be read of a DTLS record without its keys. RFC 6347 4.1 and 4.2.2, RFC 9146 4.
//
//   type (1)  version (2)  epoch (2)  sequence number (6)  [connection ID, where the type is 25]  length (2)
//   a ClientHello: handshake type (1)  length (3)  message number (2)  fragment offset (3)  fragment length (3)
//                  version (2)  random (32)  …

/** Of a record without connection ID. */
export const HEADER_BYTES = 13;
export const TYPE_CID = 25;

const TYPE_HANDSHAKE = 22;
const CLIENT_HELLO = 1;
const HANDSHAKE_HEADER_BYTES = 12;
const VERSION_BYTES = 2;
const RANDOM_BYTES = 32;

/** The client's random, which is the same in all of one handshake's hellos; undefined where this is no ClientHello. */
export function clientRandom(datagram: Buffer): string | undefined {
	const start = HEADER_BYTES + HANDSHAKE_HEADER_BYTES + VERSION_BYTES;
	const isHello =
		datagram.length >= start + RANDOM_BYTES &&
		datagram[0] === TYPE_HANDSHAKE &&
		datagram.readUInt16BE(3) === 0 &&
		datagram[HEADER_BYTES] === CLIENT_HELLO;
	return isHello ? datagram.toString("latin1", start, start + RANDOM_BYTES) : undefined;
}
