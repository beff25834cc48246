// The programs of others that tests of interoperability start. Node only.
import assert from "node:assert/strict";
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

/** The first of the programs that the search path has; fails with the package that brings it. */
export function program(debianPackage: string, ...names: string[]): string {
	for (const name of names)
		for (const directory of (process.env["PATH"] ?? "").split(delimiter))
			try {
				accessSync(join(directory, name), constants.X_OK);
				return join(directory, name);
			} catch (error) {
				assert.ok(error instanceof Error); // not in this directory
			}
	assert.fail(`${names[0]} is not installed: apt-get install ${debianPackage}`);
}

/** A program of libcoap, in whatever build there is: it makes no difference which TLS it has. */
export function libcoap(name: string): string {
	return program("libcoap3-bin", ...["", "-notls", "-openssl", "-gnutls"].map((build) => name + build));
}
