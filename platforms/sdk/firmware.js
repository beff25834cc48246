// The board's slot for firmware. firmware.d.ts says what each function does.
function capacity() @ "xs_slot_capacity";
function isTrial() @ "xs_slot_isTrial";
function isReverted() @ "xs_slot_isReverted";
function erase() @ "xs_slot_erase";
function write(offset, from, start, end) @ "xs_slot_write";
function read(offset, into) @ "xs_slot_read";
function install(length) @ "xs_slot_install";
function confirm() @ "xs_slot_confirm";
function verify(length) @ "xs_slot_verify";

export { capacity, isTrial, isReverted, erase, write, read, install, confirm, verify };
