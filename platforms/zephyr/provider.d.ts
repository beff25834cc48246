// What the SDK's typings lack on Zephyr: the board's device tree as a module.
declare module "embedded:provider/builtin" {
	const device: object;
	export default device;
}
