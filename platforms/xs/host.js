// What the device's program asks of the machine it runs on and no ECMA-419 module gives.
function now() @ "xs_host_now";
function time() @ "xs_host_time";
function setTime(seconds) @ "xs_host_setTime";
function setTimeScale(scale) @ "xs_host_setTimeScale";
function random(into) @ "xs_host_random";
function resolve(name, onResult) @ "xs_host_resolve";
function log(line) @ "xs_host_log";
function isLogOnTerminal() @ "xs_host_isLogOnTerminal";
function restart() @ "xs_host_restart";
function exit(status) @ "xs_host_exit";
function onTerminate(callback) @ "xs_host_onTerminate";
function programArguments() @ "xs_host_programArguments";
function readFile(path) @ "xs_host_readFile";
function memory() @ "xs_host_memory";
function collectGarbage() @ "xs_host_collectGarbage";

export {
	now,
	time,
	setTime,
	setTimeScale,
	random,
	resolve,
	log,
	isLogOnTerminal,
	restart,
	exit,
	onTerminate,
	programArguments,
	readFile,
	memory,
	collectGarbage,
};
