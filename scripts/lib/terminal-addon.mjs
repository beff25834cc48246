// The shell's terminal as a Node addon, for unit tests: node scripts/lib/terminal-addon.mjs. The plain C compiler and npm's
// node-api-headers are all it takes; the result is build/terminal/terminal.node.
import { createRequire } from "node:module";
import { compileAll, link } from "./compile.mjs";
import { build, root } from "./paths.mjs";

const { include_dir } = createRequire(import.meta.url)("node-api-headers");
const objects = await compileAll({
	compiler: "cc",
	flags: ["-O1", "-g", "-fPIC", "-std=c11", "-Wall", "-Wextra", "-DNAPI_VERSION=8", `-isystem${include_dir}`],
	sources: [`${root}/host-tests/support/terminal-addon.c`],
	directory: `${build}/terminal`,
});
link("cc", `${build}/terminal/terminal.node`, objects, ["-shared"]);
