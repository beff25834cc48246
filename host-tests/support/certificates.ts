// The certificates and keys that scripts/lib/certificates.mjs makes for tests. Node only.
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../../..", import.meta.url));

/** @returns their folder; they are made where they are missing */
export function makeCertificates(): string {
	const script = `import("${root}/scripts/lib/certificates.mjs").then(({ makeCertificates }) => console.log(makeCertificates("${root}/build/dtls/certificates")))`;
	return execFileSync(process.execPath, ["-e", script], { encoding: "utf8" }).trim();
}
