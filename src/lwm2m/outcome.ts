// How a request of ours has ended, in words for the log.
import { TIMED_OUT, WAS_RESET } from "../coap/exchange.js";
import { codeText } from "../coap/numbers.js";

/** @param outcome a response code, TIMED_OUT or WAS_RESET */
export function outcomeText(outcome: number): string {
	return outcome === TIMED_OUT
		? "no answer"
		: outcome === WAS_RESET
			? "reset by the server"
			: `Failed with code ${codeText(outcome)}`;
}
