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
	"Register, after an Update that was refused": 80_000,
};

/** What a change must not exceed. */
export const limits = {};
