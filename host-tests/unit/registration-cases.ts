// Registrations in the middle of their life, for the tests of them.
import type { CoapMessage } from "../support/coap.js";
import { CaseDevice } from "./lwm2m-cases.js";

export const SILENCE = 100_000;

export function registrationOf(device: CaseDevice) {
	return device.client.servers[0]!.registration;
}

/** A device that has sent its Register, and the Register. */
export function registering(device = new CaseDevice()): { device: CaseDevice; request: CoapMessage } {
	device.client.start();
	device.platform.run();
	return { device, request: device.take() };
}
