// The native class is what src/security/dtls.d.ts says.
export * from "../security/dtls.js";
export { default } from "../security/dtls.js";
