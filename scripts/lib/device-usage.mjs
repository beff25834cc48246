// The device's options as `--help` shows them, for the simulated device, `npm start` and the emulated board. The device
// reads them itself (platforms/xs/options.ts), and does not carry this text; host-tests/scenarios/help.test.ts compares both.

export const DEVICE_OPTIONS = {
	"--endpoint NAME": "endpoint client name, 1 to 200 characters (lwm2m-xs)",
	"--server URI": "coap://host[:port] or coaps://host[:port] of the LwM2M server (none: waits to be provisioned)",
	"--bootstrap URI": "the same of a bootstrap server, in place of --server",
	"--psk-identity TEXT": "pre-shared key for coaps: its identity",
	"--psk-key HEX": "and the key, 1 to 64 bytes",
	"--cert FILE": "certificate for coaps: the device's, PEM or DER",
	"--key FILE": "its private key (P-256)",
	"--server-cert FILE": "the server's certificate, or its authority's",
	"--cid off|LENGTH": "connection ID offered for incoming records, 0 to 32 bytes; off: without the extension (0)",
	"--lifetime SECONDS": "1 to 2147483647 (300)",
	"--binding U|UQ": "UQ: queue mode (U)",
	"--short-server-id N": "1 to 65534 (1)",
	"--lwm2m 1.0|1.1|1.2": "version registered with first (1.1)",
	"--storage DIR": "folder for persistent state and firmware slots (none: memory only)",
	"--firmware-key FILE": "who signs firmware: a public key on P-256, PEM or DER (the development key)",
	"--firmware-ca FILE":
		"whom servers of firmware by https are trusted for: certificates on P-256, PEM or DER (the account's)",
	"--no-downgrade": "refuse firmware with an older version",
	"--shell stdio|pty|tcp:PORT|off": "where the UART shell is (stdio)",
	"--log off|error|warning|info|debug": "on standard error, one line an event (info)",
	"--no-start": "wait for `lwm2m start` in the shell",
	"--time-scale N": "run the device's clock N times as fast, above 0, at most 999999 (1)",
};
