// The module `src/port` of this platform. It names its modules in full, because a relative name would be looked for
// beside `src/port`.
export { createPlatform, deviceOptions } from "platforms/linux/platform";
