// Certificates and keys for tests, made by openssl where they are missing: P-256, an authority and what it has signed.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ensurePrograms } from "./packages.mjs";
import { run } from "./run.mjs";

const DAYS = "3650";
/** The last is this computer for the emulated board. */
const SERVER_NAMES = "subjectAltName=DNS:localhost,IP:127.0.0.1,IP:::1,IP:10.0.2.2";

/** @returns the folder: ca, other-ca, server (localhost), client (dev1), stranger (dev1 of other-ca) as .pem, .der, .key, .key.der */
export function makeCertificates(folder) {
	const stamp = join(folder, ".complete");
	if (existsSync(stamp) && readFileSync(stamp, "utf8") === SERVER_NAMES) return folder;
	ensurePrograms({ openssl: "openssl" });
	rmSync(folder, { recursive: true, force: true });
	mkdirSync(folder, { recursive: true });
	const openssl = (...args) => run("openssl", args, { cwd: folder });
	const makeKey = (name) => {
		openssl("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out", `${name}.key`);
		openssl("pkey", "-in", `${name}.key`, "-outform", "DER", "-out", `${name}.key.der`);
	};
	const toDer = (name) => openssl("x509", "-in", `${name}.pem`, "-outform", "DER", "-out", `${name}.der`);
	const makeAuthority = (name) => {
		makeKey(name);
		const extensions = ["-addext", "basicConstraints=critical,CA:TRUE"];
		openssl(
			"req",
			"-x509",
			"-new",
			"-sha256",
			"-key",
			`${name}.key`,
			"-days",
			DAYS,
			"-subj",
			`/CN=${name}`,
			...extensions,
			"-out",
			`${name}.pem`,
		);
		toDer(name);
	};
	const makeLeaf = (name, subject, authority, extensions) => {
		makeKey(name);
		writeFileSync(join(folder, `${name}.ext`), `${extensions}\n`);
		openssl("req", "-new", "-key", `${name}.key`, "-subj", subject, "-out", `${name}.csr`);
		const signer = ["-CA", `${authority}.pem`, "-CAkey", `${authority}.key`, "-CAcreateserial"];
		openssl(
			"x509",
			"-req",
			"-sha256",
			"-in",
			`${name}.csr`,
			...signer,
			"-days",
			DAYS,
			"-extfile",
			`${name}.ext`,
			"-out",
			`${name}.pem`,
		);
		toDer(name);
	};
	makeAuthority("ca");
	makeAuthority("other-ca");
	makeLeaf("server", "/CN=server", "ca", SERVER_NAMES);
	makeLeaf("client", "/CN=dev1", "ca", "keyUsage=digitalSignature");
	makeLeaf("stranger", "/CN=dev1", "other-ca", "keyUsage=digitalSignature");
	const read = (name) => readFileSync(join(folder, name));
	writeFileSync(join(folder, "server-chain.pem"), Buffer.concat([read("server.pem"), read("ca.pem")]));
	for (const name of ["server", "ca"])
		for (const hash of ["sha256", "sha384", "sha512"])
			writeFileSync(
				join(folder, `${name}.${hash}`),
				createHash(hash)
					.update(read(`${name}.der`))
					.digest(),
			);
	writeFileSync(stamp, SERVER_NAMES);
	return folder;
}
