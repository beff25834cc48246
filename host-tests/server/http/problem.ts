// A failure with the HTTP status to answer.

/** A request that cannot be carried out; the status is HTTP's. */
export class HttpProblem extends Error {
	override readonly name = "HttpProblem";
	readonly status: number;

	constructor(status: number, message: string) {
		super(message);
		this.status = status;
	}
}
