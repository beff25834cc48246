// ECMA-419 key-value storage. A write is atomic: after a power cut the entry holds the old value or the new one.
class Store @ "xs_store_destroy" {
	constructor(options) @ "xs_store";
	close() @ "xs_store_close";
	// undefined where there is no such entry.
	read(key) @ "xs_store_read";
	write(key, value) @ "xs_store_write";
	// An entry that is not there is no error.
	delete(key) @ "xs_store_delete";
	keys() @ "xs_store_keys";
	[Symbol.iterator]() {
		return this.keys()[Symbol.iterator]();
	}
}
Object.freeze(Store.prototype);

export default Object.freeze({
	open(options) {
		return new Store(options);
	},
});
