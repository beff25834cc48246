// The firmware's version, resource 3/0/3. Kept equal to package.json by scripts/check-files.mjs.
export const VERSION = "0.1.0";
