// The module `src/port` of this platform. It names its modules in full, because a relative name would be looked for
// beside `src/port`.

export { deviceOptions } from "platforms/sdk/options";
export { createPlatform } from "platforms/zephyr/platform";
