// The side of host-tests/support/report.d.ts for XS.
import { log } from "platforms/xs/host";

export function print(line) {
	log(line);
}
