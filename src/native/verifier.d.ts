// The native class is what src/fota/verifier.d.ts says.
export * from "../fota/verifier.js";
export { default } from "../fota/verifier.js";
