// What tests of single modules hand to them: one message, one cursor and one record, as a client has them.
import { Message } from "../../src/coap/message.js";
import { Cursor } from "../../src/lwm2m/cursor-state.js";
import { Decoded } from "../../src/lwm2m/decoded.js";

export const message = new Message();
export const cursor = new Cursor();
export const record = new Decoded();
