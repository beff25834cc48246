// An example device: a greenhouse with two beds. It has an object of its own, sensors that are read by the clock, an actuator that
// the server writes, a command that takes its time, a time series and a Send of its own accord. README, "A device of your own".
//
//     npm run device -- --app examples/greenhouse --server coap://127.0.0.1:5683
import { humidity } from "../objects/3304-humidity.js";
import { coreObjects } from "../objects/index.js";
import { Client } from "../src/client.js";
import { BAD_REQUEST, CHANGED } from "../src/coap/numbers.js";
import { provision, startOrWait } from "../src/factory.js";
import { LEVELS, Log } from "../src/log.js";
import { BOOLEAN, defineObject, E, FLOAT, NONE, OBJLNK, OPAQUE, R, RW, STRING, TIME } from "../src/lwm2m/definition.js";
import { LATER } from "../src/lwm2m/model.js";
import { objectLink } from "../src/lwm2m/path.js";
import type { Clock } from "../src/platform.js";
import { createPlatform, deviceOptions } from "../src/port.js";
import { dtls } from "../src/security/dtls-factory.js";
import { startShell } from "../src/shell/shell.js";

const BEDS = [0, 1];
const SAMPLE_MS = 1000;
const CALIBRATION_MS = 2000;
const SERIES_SAMPLES = 60;
/** Cel: warmer than this, and the servers are told without their asking. */
const ALARM = 35;
const SETTINGS_BYTES = 4;

/** The device's own object. Its id is free for trials; for a product a vendor registers one with OMA. */
export const bed = defineObject({
	id: 26241,
	name: "Greenhouse Bed",
	versions: { "1.0": "1.0", "1.1": "1.0", "1.2": "1.0" },
	instances: BEDS.length,
	resources: {
		0: { name: "Soil Temperature", type: FLOAT, operations: R, isMandatory: true, units: "Cel" },
		1: { name: "Valve Open", type: BOOLEAN, operations: RW, isMandatory: true },
		2: { name: "Crops", type: STRING, operations: RW, multiple: 4, range: [1, 20] },
		3: { name: "Last Watered", type: TIME, operations: R },
		4: { name: "Sensors", type: OBJLNK, operations: R, multiple: 2 },
		5: { name: "Controller Settings", type: OPAQUE, operations: RW },
		6: { name: "Calibrate", type: NONE, operations: E },
	},
});

const objects = [...coreObjects, humidity, bed] as const;

/** Runs the device. Called once, by the runtime, when the module has been loaded. */
export default function main(): void {
	const options = deviceOptions();
	const platform = createPlatform(options);
	const log = new Log(LEVELS.indexOf(options.log), (line) => platform.log(line));
	const client = new Client({
		endpoint: options.endpoint,
		objects,
		platform,
		log,
		enabler: options.lwm2m,
		dtls: dtls({ cidBytes: options.cid }),
	});
	provision(client, options);
	client.registry.set("/3/0/0", "Greenhouse Ltd");
	client.registry.set("/3/0/16", options.binding);
	client.registry.onExecute("/3/0/4", () => client.onceAnswered(() => platform.restart()));
	for (const id of BEDS) makeBed(client, id);
	handle(client, platform.clock, log);
	sampleBy(client, platform.clock, log);
	startShell({ client, platform });
	platform.onTerminate = () => client.stop(() => platform.exit(0));
	if (options.start) startOrWait(client);
}

type Greenhouse = Client<typeof objects>;

/** What is there from the beginning: paths and values are checked by the compiler. */
function makeBed({ registry, cache }: Greenhouse, id: number): void {
	registry.set(`/26241/${id}/0`, readTemperature(id, 0));
	registry.set(`/26241/${id}/1`, false);
	registry.set(`/26241/${id}/2/0`, "tomatoes");
	registry.set(`/26241/${id}/4/0`, objectLink(3304, id));
	registry.set(`/26241/${id}/5`, new Uint8Array([1, 2, 3, 4]));
	registry.set(`/3304/${id}/5700`, 60);
	registry.set(`/3304/${id}/5701`, "%RH");
	cache.enable(`/26241/${id}/0`, SERIES_SAMPLES);
}

/** What the servers do with the beds. */
function handle({ registry }: Greenhouse, clock: Clock, log: Log): void {
	registry.onWrite("/26241/*/1", (isOpen, id) => {
		log.info(`Valve ${id} ${isOpen ? "open" : "closed"}`);
		if (isOpen && !Number.isNaN(clock.time())) registry.set(`/26241/${id}/3`, Math.floor(clock.time()));
	});
	registry.onValidate("/26241/*/5", (settings) => (settings.byteLength === SETTINGS_BYTES ? undefined : BAD_REQUEST));
	// an answer that takes its time: the request waits, everything else goes on
	registry.onExecute("/26241/*/6", (_, id) => {
		const ticket = registry.defer();
		const timer = clock.createTimer(() => {
			timer.close();
			log.info(`Bed ${id} calibrated`);
			registry.answer(ticket, CHANGED);
		});
		timer.wakeAt(clock.now() + CALIBRATION_MS);
		return LATER;
	});
}

/** Reads the sensors once a second. */
function sampleBy(client: Greenhouse, clock: Clock, log: Log): void {
	const { registry } = client;
	let count = 0;
	const timer = clock.createTimer(() => {
		count++;
		// many changes, one notification
		registry.batch(() => {
			for (const id of BEDS) sample(id);
		});
		timer.wakeAt(clock.now() + SAMPLE_MS);
	});
	timer.wakeAt(clock.now() + SAMPLE_MS);

	function sample(id: number): void {
		const before = registry.get(`/26241/${id}/0`) ?? 0;
		const temperature = readTemperature(id, count);
		registry.set(`/26241/${id}/0`, temperature);
		if (temperature <= ALARM || before > ALARM || client.servers.length === 0) return;
		client.send([`/26241/${id}/0`], (status) => log.info(`Alarm of bed ${id} told: ${status}`));
	}
}

/** Stands for a driver: rises by half a degree a second to 37, and begins again. */
function readTemperature(id: number, seconds: number): number {
	return 20 + id + ((seconds * 0.5) % 17);
}
