// The module `src/port` of this platform: that of the host, over this board's own C. It names what it imports in full,
// because a relative name would be looked for beside `src/port`.
import { createPlatform as create, deviceOptions } from "platforms/host/platform";

function createPlatform(options) {
	return Object.assign(create(options), { name: "qemu" });
}

export { createPlatform, deviceOptions };
