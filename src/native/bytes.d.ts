// The native version keeps to the TypeScript version.
export * from "../bytes.js";
