// Keeps the board on its Wi-Fi. The SDK's own setup/network brings it up, and sets the clock by SNTP, before the program starts;
// here it is joined again whenever it is lost.
import WiFi from "embedded:network/interface/wifi";
import Timer from "timer";
import { log } from "../sdk/device.js";
import { textOf } from "../sdk/options.js";

/** Between attempts to join, ms. */
const RETRY_MS = 5000;
/** `connection` of ECMA-419's network interface: below it there is no address. */
const READY = 500;

/** Does nothing where the config has no `ssid`: then something else is the network, Ethernet for one. */
export function keepWifi(): void {
	const ssid = textOf("ssid");
	const password = textOf("password");
	const fault = faultOf(ssid, password);
	if (fault !== undefined) log(`config: ${fault}`);
	if (ssid === undefined || fault !== undefined) return;
	const wifi = new WiFi({
		onChanged: () => {
			if (wifi.connection < READY && wifi.connection <= 200) Timer.set(join, RETRY_MS);
		},
	});
	function join(): void {
		if (wifi.connection > 200) return;
		wifi.connect(password === undefined ? { SSID: ssid! } : { SSID: ssid!, password });
	}
}

/** The limits of IEEE 802.11: 32 bytes, and 8 to 63 characters of WPA. */
function faultOf(ssid: string | undefined, password: string | undefined): string | undefined {
	if (ssid === undefined) return password === undefined ? undefined : "password: it is given without ssid";
	if (ssid.length > 32) return `ssid: 1 to 32 characters, not ${ssid.length}`;
	if (password !== undefined && (password.length < 8 || password.length > 63))
		return `password: 8 to 63 characters, not ${password.length}`;
	return undefined;
}
