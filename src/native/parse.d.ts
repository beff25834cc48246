// The native version keeps to the TypeScript version.
export * from "../coap/parse.js";
