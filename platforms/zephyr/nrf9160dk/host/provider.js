// What this board has, from its device tree.
import device from "mc/devicetree";

export default device;
