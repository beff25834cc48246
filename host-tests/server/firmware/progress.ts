// How far transfers are, told in steps: the first block, each twentieth of the whole, the end.

const STEPS = 20;
/** Transfers that are remembered at a time. */
const MOST_TRANSFERS = 1000;

export class Progress {
	readonly #steps = new Map<string, number>();
	readonly #tell: (key: string, bytes: number, size: number) => void;

	constructor(tell: (key: string, bytes: number, size: number) => void) {
		this.#tell = tell;
	}

	/** `bytes` of `size` have been transferred. */
	at(key: string, bytes: number, size: number): void {
		const step = Math.floor((bytes / size) * STEPS);
		if (this.#steps.get(key) === step) return;
		this.#steps.delete(key);
		const oldest = this.#steps.keys().next();
		if (this.#steps.size >= MOST_TRANSFERS && !oldest.done) this.#steps.delete(oldest.value);
		if (step < STEPS) this.#steps.set(key, step);
		this.#tell(key, bytes, size);
	}
}
