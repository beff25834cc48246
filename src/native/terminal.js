// The serial terminal of the shell in C. ../shell/terminal.d.ts has its documentation.
function open(bytes, line, history, isTerminal) @ "xs_terminal_open";
function sent(bytes, count) @ "xs_terminal_sent";
function feed(bytes, count, isAnswering) @ "xs_terminal_feed";
function answer(bytes, text) @ "xs_terminal_answer";
function report(bytes, text) @ "xs_terminal_report";
function words(bytes, isOpen) @ "xs_terminal_words";
function insert(bytes, text) @ "xs_terminal_insert";
function accept(bytes, isKept) @ "xs_terminal_accept";

export const STATE_BYTES = 32;
export const INPUT_BYTES = 16;
export const IDLE = 0;
export const COMPLETE = 2;
export const TABBED = 3;
export const LEFT = 4;
export { open, sent, feed, answer, report, words, insert, accept };
