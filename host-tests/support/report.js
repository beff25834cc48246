// Node's side of report.d.ts.
export function print(line) {
	process.stdout.write(`${line}\n`);
}
