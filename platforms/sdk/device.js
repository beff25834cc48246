// What the machine itself gives. device.d.ts says what each function does.
function now() @ "xs_sdk_now";
function time() @ "xs_sdk_time";
function setTime(seconds) @ "xs_sdk_setTime";
function random(into) @ "xs_sdk_random";
function log(line) @ "xs_sdk_log";
function restart() @ "xs_sdk_restart";
function resetReason() @ "xs_sdk_resetReason";
function resolve(name, onResult) @ "xs_sdk_resolve";
function memory(figure) @ "xs_sdk_memory";
function collectGarbage() @ "xs_sdk_collectGarbage";

export { collectGarbage, log, memory, now, random, resetReason, resolve, restart, setTime, time };
