// The program that the SDK's Linux target makes. program.d.ts says what each function does.
function exit(status) @ "xs_linux_exit";
function isTerminal() @ "xs_linux_isTerminal";
function onTerminate(callback) @ "xs_linux_onTerminate";
function words() @ "xs_linux_words";

export { exit, isTerminal, onTerminate, words };
