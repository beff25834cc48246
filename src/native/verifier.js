// SHA-256 and ECDSA as a native object. ../fota/verifier.d.ts has its documentation.
class Verifier @ "xs_verifier_destroy" {
	constructor(publicKey) @ "xs_verifier";
	add(bytes, start, end) @ "xs_verifier_add";
	finish(into) @ "xs_verifier_finish";
	check(bytes, end, operations) @ "xs_verifier_check";
	close() @ "xs_verifier_close";
}
Object.freeze(Verifier.prototype);

export const WRONG = 1;
export const NO_MEMORY = 2;
export default Verifier;
