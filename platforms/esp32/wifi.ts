// Keeps the board on its Wi-Fi. The SDK's own setup/network brings it up, and sets the clock by SNTP, before the program starts;
// here it is joined again whenever it is lost.
import WiFi from "embedded:network/interface/wifi";
import Timer from "timer";
import { textOf } from "../sdk/options.js";

/** Between attempts to join, ms. */
const RETRY_MS = 5000;
/** `connection` of ECMA-419's network interface: below it there is no address. */
const READY = 500;

/** Does nothing where the config has no `ssid`: then something else is the network, Ethernet for one. */
export function keepWifi(): void {
	const ssid = textOf("ssid");
	const password = textOf("password");
	if (ssid === undefined) return;
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
