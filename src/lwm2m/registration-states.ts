// The states of a registration, their names, and which may follow which: the table in src/DESIGN.md.

export const IDLE = 0;
export const REGISTERING = 1;
export const REGISTERED = 2;
export const UPDATING = 3;
export const DEREGISTERING = 4;
export const WAITING = 5;

export const stateNames: readonly string[] = Object.freeze([
	"idle",
	"registering",
	"registered",
	"updating",
	"deregistering",
	"waiting",
]);

/** Legal next states, by state: bit n is state n. */
const legal: readonly number[] = Object.freeze([
	(1 << REGISTERING) | (1 << IDLE) | (1 << REGISTERED) | (1 << WAITING),
	(1 << REGISTERED) | (1 << WAITING) | (1 << IDLE) | (1 << REGISTERING),
	(1 << UPDATING) | (1 << DEREGISTERING) | (1 << REGISTERING) | (1 << IDLE),
	(1 << REGISTERED) | (1 << REGISTERING) | (1 << DEREGISTERING) | (1 << IDLE),
	(1 << IDLE) | (1 << WAITING),
	(1 << REGISTERING) | (1 << IDLE) | (1 << WAITING),
]);

/** @throws Error where the table has no such edge */
export function checkEdge(state: number, next: number): void {
	if ((legal[state]! & (1 << next)) === 0)
		throw new Error(`registration: ${stateNames[state]} -> ${stateNames[next]} is no edge of the table`);
}
