// The server accounts that Security (0) and Server (1) hold. OMA-TS-LightweightM2M_Core-V1_1_1 appendix E.1, E.2.
import type { Log } from "../log.js";
import type { Model } from "./model.js";

export const SECURITY = 0;
export const SERVER = 1;
/** Resources of Security. */
const URI = 0;
const IS_BOOTSTRAP = 1;
const SECURITY_SHORT_ID = 10;
const HOLD_OFF = 11;
const ACCOUNT_TIMEOUT = 12;
/** Resources of Server. */
const SHORT_ID = 0;

export interface Account {
	readonly uri: string;
	/** 1..65534 */
	readonly shortServerId: number;
	/** The instances of Security and Server. */
	readonly securityInstance: number;
	readonly serverInstance: number;
}

export interface BootstrapAccount {
	readonly uri: string;
	readonly securityInstance: number;
	/** How long to wait before asking, and after how long the account goes once it has served (0: never), s. */
	readonly holdOffSeconds: number;
	readonly timeoutSeconds: number;
}

/** The LwM2M servers, by ascending instance of Security. A Security instance without its Server instance is passed over. */
export function serverAccounts(model: Model, log: Log): Account[] {
	const accounts: Account[] = [];
	const servers = model.objects[SERVER]!.instanceIds;
	for (const securityInstance of model.objects[SECURITY]!.instanceIds) {
		if (isBootstrap(model, securityInstance)) continue;
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

/** The account of the bootstrap server, undefined where there is none. */
export function bootstrapAccount(model: Model): BootstrapAccount | undefined {
	const securityInstance = model.objects[SECURITY]!.instanceIds.find((one) => isBootstrap(model, one));
	if (securityInstance === undefined) return undefined;
	const seconds = (resource: number) =>
		Math.max(0, Number(model.stored(SECURITY, securityInstance, resource, -1) ?? 0));
	return {
		uri: String(model.stored(SECURITY, securityInstance, URI, -1) ?? ""),
		securityInstance,
		holdOffSeconds: seconds(HOLD_OFF),
		timeoutSeconds: seconds(ACCOUNT_TIMEOUT),
	};
}

/**
 * What is wrong with the accounts: the check that ends a bootstrap. OMA-TS-LightweightM2M_Core-V1_1_1 6.1.7.7.
 * @param problemOf what is wrong with the URI and the credentials of an account
 * @returns one line, undefined where every account is whole and there is one at least
 */
export function inconsistency(
	model: Model,
	log: Log,
	problemOf: (account: Account) => string | undefined,
): string | undefined {
	const accounts = serverAccounts(model, log);
	const wanted = model.objects[SECURITY]!.instanceIds.filter((one) => !isBootstrap(model, one)).length;
	if (wanted === 0) return "there is no server account";
	if (accounts.length < wanted) return "a Security instance has no Server instance";
	for (const account of accounts) {
		if (accounts.some((other) => other !== account && other.shortServerId === account.shortServerId))
			return `short server id ${account.shortServerId} belongs to several accounts`;
		const problem = problemOf(account);
		if (problem !== undefined) return problem;
	}
	return undefined;
}

export function isBootstrap(model: Model, securityInstance: number): boolean {
	return model.stored(SECURITY, securityInstance, IS_BOOTSTRAP, -1) === true;
}
