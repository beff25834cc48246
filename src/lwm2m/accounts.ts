// The server accounts that Security (0) and Server (1) hold. OMA-TS-LightweightM2M_Core-V1_1_1 appendix E.1, E.2.
import type { Log } from "../log.js";
import type { Model } from "./model.js";

export const SECURITY = 0;
export const SERVER = 1;
/** Resources of Security. */
const URI = 0;
const IS_BOOTSTRAP = 1;
const SECURITY_SHORT_ID = 10;
/** Resource of Server. */
const SHORT_ID = 0;

export interface Account {
	readonly uri: string;
	/** 1..65534 */
	readonly shortServerId: number;
	/** The instances of Security and Server. */
	readonly securityInstance: number;
	readonly serverInstance: number;
}

/** The LwM2M servers, by ascending instance of Security. A Security instance without its Server instance is passed over. */
export function serverAccounts(model: Model, log: Log): Account[] {
	const accounts: Account[] = [];
	const servers = model.objects[SERVER]!.instanceIds;
	for (const securityInstance of model.objects[SECURITY]!.instanceIds) {
		if (model.stored(SECURITY, securityInstance, IS_BOOTSTRAP, -1) === true) continue;
		const id = model.stored(SECURITY, securityInstance, SECURITY_SHORT_ID, -1);
		const serverInstance =
			id === undefined ? undefined : servers.find((one) => model.stored(SERVER, one, SHORT_ID, -1) === id);
		if (serverInstance === undefined)
			log.warning(`Security instance ${securityInstance}: no Server instance has its short server id ${id}`);
		else {
			const uri = String(model.stored(SECURITY, securityInstance, URI, -1) ?? "");
			accounts.push({ uri, shortServerId: Number(id), securityInstance, serverInstance });
		}
	}
	return accounts;
}
