// A device of one's own in place of src/main: any module of src/ or examples/ whose default export runs it.
import { existsSync } from "node:fs";
import { refuse } from "./command-line.mjs";
import { withEverything } from "./manifest.mjs";
import { root } from "./paths.mjs";
import { reachable } from "./program.mjs";

/** How `--help` shows the option. */
export const APP_OPTION = {
	"--app MODULE": "a device of your own: a module of src/ or examples/, as examples/greenhouse (src/main)",
};

/** The id of the module that a script's options name; undefined without one. */
export function appOf(script, { "--app": word }) {
	const app = word?.replace(/^\.\//, "").replace(/\.ts$/, "");
	if (app === undefined) return undefined;
	if (!/^(src|examples)\/[\w/-]+$/.test(app)) refuse(script, `--app ${word}: a module below src/ or examples/`);
	if (!existsSync(`${root}/${app}.ts`)) refuse(script, `--app ${word}: there is no ${app}.ts`);
	return app;
}

/**
 * The manifest with another module as the one that runs. Objects and behaviours that it imports need not be listed; what it
 * imports is preloaded. The TypeScript has been compiled.
 */
export function withApp(manifest, app) {
	const modules = withEverything(manifest.modules).set(app, `./${app}`);
	const listed = new Set(manifest.preload);
	const preload = reachable(modules, app)
		.map(({ id }) => id)
		.filter((id) => listed.has(id) || /^(objects|src\/behaviours|examples)\//.test(id) || id === app);
	return { ...manifest, creation: { ...manifest.creation, main: app }, modules, preload };
}

/** The name of what is built of it. */
export const appName = (app) => `app-${app.replace(/\//g, "-")}`;
