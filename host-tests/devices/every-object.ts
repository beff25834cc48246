// A device with every object that the project ships and what it does with them: for host-tests/scenarios/objects.test.ts.
// What it installs is a text whose first line is "name version".
import { connectivityStatistics } from "../../objects/7-connectivity-statistics.js";
import { softwareManagement } from "../../objects/9-software-management.js";
import { portfolio } from "../../objects/16-portfolio.js";
import { binaryAppDataContainer } from "../../objects/19-binary-app-data-container.js";
import { humidity } from "../../objects/3304-humidity.js";
import { lightControl } from "../../objects/3311-light-control.js";
import { timer } from "../../objects/3340-timer.js";
import { onOffSwitch } from "../../objects/3342-on-off-switch.js";
import { coreObjects } from "../../objects/index.js";
import { ConnectivityStatistics } from "../../src/behaviours/connectivity-statistics.js";
import { SoftwareManagement } from "../../src/behaviours/software-management.js";
import { UNSUPPORTED_TYPE } from "../../src/behaviours/software-management-states.js";
import { StoredPackage } from "../../src/behaviours/software-management-store.js";
import { ONE_SHOT, Timers } from "../../src/behaviours/timer.js";
import { readText } from "../../src/bytes.js";
import { Client } from "../../src/client.js";
import { LEVELS, Log } from "../../src/log.js";
import { createPlatform, deviceOptions } from "../../src/port.js";

/** The longest package of software. */
const PACKAGE_BYTES = 300_000;

/** Runs the device. Called by the runtime. */
export default function main(): void {
	const options = deviceOptions();
	const platform = createPlatform(options);
	const statistics = new ConnectivityStatistics(platform);
	const log = new Log(LEVELS.indexOf(options.log), (line) => platform.log(line));
	const client = new Client({
		endpoint: options.endpoint,
		objects: [
			// none twice, where the default build of this tree has some of those below
			...coreObjects.filter(({ id }) => id < 7 || id === 3303),
			connectivityStatistics,
			softwareManagement,
			portfolio,
			binaryAppDataContainer,
			humidity,
			lightControl,
			timer,
			onOffSwitch,
		],
		platform,
		log,
		openUdp: statistics.openUdp,
	});
	const { registry } = client;
	registry.set("/0/0/0", options.server ?? "");
	registry.set("/0/0/1", false);
	registry.set("/0/0/2", 3);
	registry.set("/0/0/10", 1);
	registry.set("/1/0/0", 1);
	registry.set("/1/0/1", options.lifetime);
	registry.set("/1/0/6", true);
	registry.set("/1/0/7", "U");
	registry.set("/3/0/16", "U");
	registry.onExecute("/3/0/4", () => client.onceAnswered(() => platform.restart()));
	registry.set("/3304/0/5700", 55.5);
	registry.set("/3311/0/5850", false);
	registry.set("/3311/0/5851", 0);
	registry.set("/3342/0/5500", true);
	statistics.attach(registry);
	const timers = new Timers(registry, {
		clock: platform.clock,
		onOutput: (instance, isOn) => {
			log.info(`Timer ${instance} ${isOn ? "on" : "off"}`);
			registry.set("/3311/0/5850", isOn);
		},
	});
	timers.create(0, 30, ONE_SHOT);
	const { storage } = platform;
	const stores = storage ? [0, 1].map((instance) => new StoredPackage(storage, `p${instance}`, PACKAGE_BYTES)) : [];
	const software = new SoftwareManagement(client, {
		store: (instance) => stores[instance],
		check: (instance, lengthBytes, done) => {
			const head = new Uint8Array(64);
			const count = Math.min(lengthBytes, stores[instance]!.read(0, head));
			const [line] = (readText(head, 0, count) ?? "").split("\n");
			const [name, version] = line!.split(" ");
			done(name && version ? { name, version } : UNSUPPORTED_TYPE);
		},
		install: (_instance, _lengthBytes, done) => done(true),
		uninstall: (_instance, _isForUpdate, done) => done(true),
		activate: (instance, isActive) => log.info(`Software ${instance} ${isActive ? "active" : "inactive"}`),
	});
	software.create(0);
	software.create(1);
	platform.onTerminate = () => client.stop(() => platform.exit(0));
	client.start();
}
