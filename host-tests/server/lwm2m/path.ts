// LwM2M paths: up to four ids, object / instance / resource / resource instance (OMA TS Core 1.1.1, 7.2).

const MAX_ID = 65535;

export type Path = readonly number[];

export function parsePath(text: string): Path {
	if (text === "/" || text === "") return [];
	if (!/^(\/\d{1,5}){1,4}$/.test(text))
		throw new RangeError(`invalid path "${text}": a slash and an id, one to four times`);
	const ids = text.slice(1).split("/").map(Number);
	if (ids.some((id) => id > MAX_ID)) throw new RangeError(`invalid path "${text}": an id is above ${MAX_ID}`);
	return ids;
}

export function formatPath(path: Path): string {
	return `/${path.join("/")}`;
}

export function isWithin(path: Path, ancestor: Path): boolean {
	return path.length >= ancestor.length && ancestor.every((id, depth) => path[depth] === id);
}

export function isSamePath(a: Path, b: Path): boolean {
	return a.length === b.length && isWithin(a, b);
}
