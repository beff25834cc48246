// The object registry, and the objects of the default build. Every definition is deeply frozen, so XS keeps it in flash.
import { security } from "./0-security.js";
import { server } from "./1-server.js";
import { accessControl } from "./2-access-control.js";
import { device } from "./3-device.js";
import { connectivityMonitoring } from "./4-connectivity-monitoring.js";
import { firmwareUpdate } from "./5-firmware-update.js";
import { location } from "./6-location.js";
import { temperature } from "./3303-temperature.js";

export { security } from "./0-security.js";
export { server } from "./1-server.js";
export { accessControl } from "./2-access-control.js";
export { device } from "./3-device.js";
export { connectivityMonitoring } from "./4-connectivity-monitoring.js";
export { firmwareUpdate } from "./5-firmware-update.js";
export { location } from "./6-location.js";
export { temperature } from "./3303-temperature.js";

/** What the default build registers, ascending by id. */
export const coreObjects = Object.freeze([
	security,
	server,
	accessControl,
	device,
	connectivityMonitoring,
	firmwareUpdate,
	location,
	temperature,
] as const);
