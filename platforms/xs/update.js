// Firmware update, named after the Moddable SDK's `embedded:update`: the slot that a download goes to. Forms of ours:
//   write(from, offset, start, end): in order; an offset below what is there is written again;
//   read(into, offset): what the slot holds; the count of bytes;
//   complete(count): the first `count` bytes are an image that starts, on trial, at the next restart;
//   confirm(): the running image stays;
//   open(): undefined where the board has no slot;
//   isTrial, isReverted: the running image is on trial; it is the one from before an image that did not confirm itself.
function capacity() @ "xs_update_capacity";

class Update {
	constructor() @ "xs_update";
	get capacity() @ "xs_update_capacity";
	get isTrial() @ "xs_update_isTrial";
	get isReverted() @ "xs_update_isReverted";
	erase() @ "xs_update_erase";
	write(from, offset, start, end) @ "xs_update_write";
	read(into, offset) @ "xs_update_read";
	complete(count) @ "xs_update_complete";
	confirm() @ "xs_update_confirm";
}
Object.freeze(Update.prototype);

export default Object.freeze({
	open() {
		return capacity() > 0 ? new Update() : undefined;
	},
});
