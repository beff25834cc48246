// The objects of the unit tests: those of the default build, also where `objects/index.ts` of this tree lists more.
import { coreObjects } from "../../objects/index.js";

const IDS = [0, 1, 2, 3, 4, 5, 6, 3303];

/** `coreObjects` as they are before an object is added. */
export const defaultObjects = coreObjects.filter(({ id }) => IDS.includes(id)) as unknown as typeof coreObjects;
