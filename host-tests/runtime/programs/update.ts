// Programs on the firmware slot.
import update from "embedded:update";
import * as host from "../../../platforms/xs/host.js";

/** Tries everything that can be done with a slot, and what cannot. */
export function updateMisuse(): void {
	const slot = update.open()!;
	const bytes = Uint8Array.of(1, 2, 3, 4, 5);
	const into = new Uint8Array(8);
	const show = (count: number) => `${count} ${[...into].join(",")}`;
	const attempts: (() => unknown)[] = [
		() => `${slot.isTrial} ${slot.isReverted} ${slot.read(into, 0)}`,
		() => slot.write(bytes, 0, 1, 4),
		() => show(slot.read(into, 0)),
		() => slot.write(bytes, 2, 0, 5),
		() => show(slot.read(into, 1)),
		() => slot.read(into, 100),
		() => slot.write(bytes, 8, 0, 5),
		() => slot.write(bytes, slot.capacity, 0, 1),
		() => slot.write(bytes, -1, 0, 1),
		() => slot.write(bytes, 0, 3, 2),
		() => slot.write(bytes, 0, 0, 6),
		() => slot.complete(8),
		() => slot.complete(0),
		() => slot.complete(7),
		() => slot.confirm(),
		() => slot.erase(),
		() => slot.read(into, 0),
	];
	for (const attempt of attempts)
		try {
			host.log(String(attempt()));
		} catch (error) {
			host.log(String(error));
		}
	host.exit(0);
}
