// Bytes on the wire, counted on a proxy between the device on XS and the companion server: UDP payloads, request and
// answer, beside the least that is possible.
import { DtlsTransport } from "../server/dtls/dtls-transport.js";
import { hexKey, pskInfo } from "../server/security/security-info.js";
import { createServer } from "../server/server.js";
import { DeviceProcess } from "../support/device-process.js";
import { UdpProxy } from "../support/udp-proxy.js";

const KEY = "000102030405060708090a0b0c0d0e0f";
const FORMATS = { TEXT: 0, CBOR: 60, TLV: 11542, SENML_CBOR: 112, SENML_JSON: 110 };
/** One notification of 21.5 with an 8-byte token, by format; NoSec and DTLS with a 6-byte CID. */
const LEAST_NOTIFY: Record<string, number> = { TEXT: 20, CBOR: 20, TLV: 25, SENML_CBOR: 37, SENML_JSON: 49 };
const CID_OVERHEAD = 36;

interface Row {
	what: string;
	up: number;
	down: number;
	least: string;
}

const rows: Row[] = [];

async function measure(isSecure: boolean, hasCookies = true): Promise<void> {
	const transport = new DtlsTransport({ keyOf: (identity) => server.security.keyOf(identity), hasCookies });
	const server = createServer({ secureTransport: transport });
	await server.start();
	if (isSecure) server.security.add(pskInfo("d1", "d1", hexKey(KEY)));
	const proxy = new UdpProxy(isSecure ? transport.port : server.coapPort);
	await proxy.open();
	const credentials = isSecure ? ["--psk-identity", "d1", "--psk-key", KEY] : [];
	const scheme = isSecure ? "coaps" : "coap";
	const device = new DeviceProcess(
		"--endpoint",
		"d1",
		"--server",
		`${scheme}://127.0.0.1:${proxy.port}`,
		...credentials,
	);
	const channel = isSecure ? "DTLS, CID 6" : "NoSec";
	const sum = (datagrams: Buffer[]) => datagrams.reduce((total, { length }) => total + length, 0);
	/** What passes while `run` runs. */
	const row = async (what: string, least: string, run: () => Promise<unknown>) => {
		const [up, down] = [proxy.fromDevice.length, proxy.fromServer.length];
		await run();
		const sent = sum(proxy.fromDevice.slice(up));
		if (sent === 0) throw new Error(`${what}, ${channel}: the device has sent nothing meanwhile`);
		rows.push({ what: `${what}, ${channel}`, up: sent, down: sum(proxy.fromServer.slice(down)), least });
	};
	try {
		await device.waitFor(/Registration Done/);
		const isHandshake = (datagram: Buffer) => datagram[0] === 22 || datagram[0] === 20;
		if (isSecure)
			rows.push({
				what: `PSK handshake with CID, ${hasCookies ? "with" : "without"} cookie`,
				up: sum(proxy.fromDevice.filter(isHandshake)),
				down: sum(proxy.fromServer.filter(isHandshake)),
				least: hasCookies ? "524 in all" : "414 in all without CID",
			});
		if (!hasCookies) return;
		const plain = proxy.fromDevice.filter((datagram) => !isHandshake(datagram));
		rows.push({
			what: `Register, ${channel}`,
			up: plain[0]!.length,
			down: proxy.fromServer.at(-1)!.length,
			least: isSecure ? "" : "79 + 26, minimal links",
		});
		const update = async () => {
			const done = server.events.waitFor("UPDATED");
			device.type("lwm2m update\n");
			await done;
			await device.waitFor(/Registration update complete/);
		};
		await row("Update", isSecure ? "54 + 33" : "18 + 4", update);
		for (const [name, format] of Object.entries(FORMATS)) {
			device.type("lwm2m write 3303/0/5700 -f 20.5\n");
			// typed is not done: nobody is to be told of it later
			for (let reads = 1; value(await server.device("d1").read([3303, 0, 5700])) !== 20.5; reads++)
				if (reads === 1000) throw new Error(`Notify as ${name}, ${channel}: the value that was typed is not there`);
			await server.device("d1").observe([3303, 0, 5700], { format });
			await row(`Notify of 21.5 as ${name}`, `${LEAST_NOTIFY[name]! + (isSecure ? CID_OVERHEAD : 0)}`, async () => {
				const notified = server.events.waitFor("NOTIFICATION", (data) => value({ content: data["val"] }) === 21.5);
				device.type("lwm2m write 3303/0/5700 -f 21.5\n");
				await notified;
			});
			await server.device("d1").cancelActively("single", [[3303, 0, 5700]]);
		}
	} finally {
		await device.kill();
		proxy.close();
		await server.stop();
	}
}

/** The number in what a Read or a notification brought. */
function value({ content }: { content?: unknown }): number {
	return Number((content as { value?: unknown } | undefined)?.value);
}

await measure(false);
await measure(true);
await measure(true, false);
process.stdout.write(
	`${"bytes of UDP payload".padEnd(48)}${"device".padStart(8)}${"server".padStart(8)}   least possible\n`,
);
for (const { what, up, down, least } of rows)
	process.stdout.write(`${what.padEnd(48)}${String(up).padStart(8)}${String(down).padStart(8)}   ${least}\n`);
