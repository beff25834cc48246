// What an operation may take on a Cortex-M4F, in instructions.

/** What we are after. */
export const goals = {
	"boot to Register sent": 3_000_000,
	"Read 3/0/9, text": 40_000,
	"Write 3/0/14": 40_000,
	"unknown path, 4.04": 30_000,
	"Read 3/0, SenML CBOR": 200_000,
	"Discover /3": 150_000,
	"Observe, float": 60_000,
	"Notify, float, SenML CBOR": 35_000,
	Update: 20_000,
	"PSK handshake": 2_000_000,
	"Register, after an Update that was refused": 80_000,
};

/** What a change must not exceed: what is reached, and a little. */
export const limits = {
	"boot to Register sent": 2_800_000,
	"ping: UDP, IP and the message layer": 35_000,
	"Read 3/0/9, text": 79_000,
	"Write 3/0/14": 110_000,
	"unknown path, 4.04": 54_000,
	"Read 3/0, SenML CBOR": 450_000,
	"Discover /3": 185_000,
	"Observe, float": 350_000,
	"Notify, float, SenML CBOR": 122_000,
	"firmware: block of 1024 bytes": 154_000,
	"full garbage collection": 175_000,
	Update: 250_000,
	"Register, after an Update that was refused": 235_000,
	"PSK handshake": 1_450_000,
	"Read 3/0/9, text, over DTLS": 108_000,
};

/** Slots of garbage that an operation may leave: so many bring the next collection. */
export const garbageLimits = {
	"ping: UDP, IP and the message layer": 4,
	"Read 3/0/9, text": 4,
	"Read 3/0/9, text, over DTLS": 4,
	"Write 3/0/14": 4,
	"unknown path, 4.04": 4,
	"Notify, float, SenML CBOR": 4,
	Update: 40,
};

/** Operations during which nothing may be collected. */
export const plain = [
	"Read 3/0/9, text",
	"Read 3/0/9, text, over DTLS",
	"Write 3/0/14",
	"Notify, float, SenML CBOR",
	"Update",
];
