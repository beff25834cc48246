// Node's side of src/shell/terminal.d.ts: the same C as on XS. The build puts it where the compiled shell looks for it.
import { createRequire } from "node:module";

const addon = createRequire(import.meta.url)("../../../terminal/terminal.node");

export const STATE_BYTES = 32;
export const INPUT_BYTES = 16;
export const IDLE = 0;
export const COMPLETE = 2;
export const TABBED = 3;
export const LEFT = 4;
export const { open, sent, feed, answer, report, words, insert, accept } = addon;
