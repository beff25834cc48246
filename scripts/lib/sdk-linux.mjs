// For platforms/linux/linux.mk: builds Mbed TLS, and puts into the SDK's build folder what the compiler is to be told of it
// (mbedtls.flags) and the config as C strings (lwm2m-config.h).
import { readFileSync, writeFileSync } from "node:fs";
import { buildMbedtls } from "./mbedtls.mjs";

const folder = process.argv[2];
const { config } = JSON.parse(readFileSync(`${folder}/manifest_flat.json`, "utf8"));
try {
	const { flags } = await buildMbedtls("host");
	writeFileSync(`${folder}/mbedtls.flags`, `${flags.filter((flag) => /^-[DI]/.test(flag)).join("\n")}\n`);
	const words = Object.entries(config).map(([key, value]) => JSON.stringify(`${key}=${value}`));
	writeFileSync(`${folder}/lwm2m-config.h`, `#define LWM2M_CONFIG ${words.map((word) => `${word},`).join(" ")}\n`);
} catch (error) {
	console.error(error.message);
	process.exitCode = 1;
}
