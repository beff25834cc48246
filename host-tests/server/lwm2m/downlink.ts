// The one way from the server to a device. What holds requests back while a device sleeps belongs here.

import type { CoapRequest, CoapResponse } from "../coap/transfer.js";
import type { Registration } from "./registration.js";

export class Downlink {
	send(registration: Registration, request: CoapRequest): Promise<CoapResponse> {
		return registration.coap.request(registration.peer, request);
	}
}
