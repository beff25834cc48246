// npm run make-image -- [options]: builds a version of the device's firmware and signs it. Prints the file's path.
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, relative, resolve } from "node:path";
import { makeContainer, mostBytes, readKey } from "./lib/container.mjs";
import { readManifest } from "./lib/manifest.mjs";
import { build, root } from "./lib/paths.mjs";
import { buildPayload, TARGETS } from "./lib/payload.mjs";

const DEVELOPMENT_KEY = `${root}/scripts/keys/firmware-development.pem`;
const USAGE = `Usage: make-image [options]
  --version TEXT     3/0/3 and 5/0/7 of the device that runs it (that of package.json)
  --target TARGET    ${TARGETS.join(" or ")} (host); with --payload any text
  --key FILE         private key on P-256, PEM or DER (a development key that everybody has)
  --out FILE         where the image goes (build/images/NAME-VERSION-TARGET.fw)
  --name TEXT        5/0/6 (lwm2m-xs)
  --replace ID=FILE  a JavaScript file in place of a module, by its id in manifest.json; may be given several times
  --payload FILE     signs a file that is there already instead of building one
  --help             this text`;
const NAMES = ["--version", "--target", "--key", "--out", "--name", "--replace", "--payload"];

const options = readOptions(process.argv.slice(2));
const key = attempt("--key", options.key, readKeyFile);
if (options.key === DEVELOPMENT_KEY) say("signed with the development key: for trials only");
const payload = options.payload
	? attempt("--payload", options.payload, (file) => readFileSync(file))
	: readFileSync(buildPayload(options.target, options.version, options.replacements));
const { target, version, name, out } = options;
attempt("--out", out, (file) => {
	mkdirSync(dirname(file), { recursive: true });
	// renamed into place: a server that reads it gets the old one or the new one
	writeFileSync(`${file}.${process.pid}`, makeContainer({ payload, target, version, name, key }));
	renameSync(`${file}.${process.pid}`, file);
});
process.stdout.write(`${relative(process.cwd(), out)}\n`);

function readOptions(words) {
	const given = new Map(NAMES.map((option) => [option, []]));
	for (let i = 0; i < words.length; i++) {
		if (words[i] === "--help") {
			process.stdout.write(`${USAGE}\n`);
			process.exit(0);
		}
		const equals = words[i].startsWith("--") ? words[i].indexOf("=") : -1;
		const option = equals > 0 ? words[i].slice(0, equals) : words[i];
		const values = given.get(option);
		if (!values) refuse(`${option}: no such option; there are ${NAMES.join(", ")}`);
		const value = equals > 0 ? words[i].slice(equals + 1) : words[++i];
		if (!value) refuse(`${option}: its value is missing`);
		if (values.length > 0 && option !== "--replace") refuse(`${option}: given twice`);
		values.push(value);
	}
	const one = (option, otherwise) => given.get(option)[0] ?? otherwise;
	const file = (option, otherwise) => resolve(one(option, otherwise));
	const version = text("version", one("--version", JSON.parse(readFileSync(`${root}/package.json`, "utf8")).version));
	const target = text("target", one("--target", "host"));
	const payload = one("--payload") && file("--payload");
	if (!payload && !TARGETS.includes(target)) refuse(`--target ${target}: one of ${TARGETS.join(", ")}`);
	if (payload && given.get("--replace").length > 0) refuse("--replace and --payload: give one of them");
	const name = text("name", one("--name", "lwm2m-xs"));
	return {
		version,
		target,
		payload,
		name,
		key: file("--key", DEVELOPMENT_KEY),
		out: file("--out", `${build}/images/${name}-${version}-${target}.fw`),
		replacements: new Map(given.get("--replace").map((word) => replacement(word, target))),
	};
}

function text(option, value) {
	const bytes = Buffer.byteLength(value);
	if (bytes > mostBytes(option)) refuse(`--${option}: at most ${mostBytes(option)} bytes, not ${bytes}`);
	if (!/^[\x21-\x7e]+( [\x21-\x7e]+)*$/.test(value) || value.includes("/"))
		refuse(`--${option} ${value}: printable ASCII without a slash`);
	return value;
}

function replacement(word, target) {
	const equals = word.indexOf("=");
	if (equals < 1 || !word.endsWith(".js")) refuse(`--replace ${word}: ID=FILE.js is wanted`);
	const [id, file] = [word.slice(0, equals), resolve(word.slice(equals + 1))];
	if (!readManifest(`x-${target}`).modules.has(id)) refuse(`--replace ${id}: manifest.json has no such module`);
	return [id, attempt(`--replace ${id}`, file, (path) => readFileSync(path, "utf8"))];
}

function readKeyFile(file) {
	return readKey(readFileSync(file));
}

/** What concerns the file of an option is the option's fault. */
function attempt(option, file, work) {
	try {
		return work(file);
	} catch (error) {
		const reason = error.code === "ENOENT" ? "no such file" : error.message;
		return refuse(`${option} ${file}: ${reason}`);
	}
}

function refuse(line) {
	say(line);
	process.exit(2);
}

function say(line) {
	process.stderr.write(`make-image: ${line}\n`);
}
