// The log: a level is written where it is not above the one that is set.
import { DEBUG, ERROR, INFO, LEVELS, Log, OFF, WARNING } from "../../src/log.js";
import { equal, test } from "../support/test.js";

test("each line carries the mark of its level", () => {
	const lines: string[] = [];
	const log = new Log(DEBUG, (line) => lines.push(line));
	log.error("a");
	log.warning("b");
	log.info("c");
	log.debug("d");
	equal(lines, ["<err> a", "<wrn> b", "<inf> c", "<dbg> d"]);
});

test("what is above the level is not written, and the level can be changed", () => {
	const lines: string[] = [];
	const log = new Log(OFF, (line) => lines.push(line));
	const all = () => {
		log.error("");
		log.warning("");
		log.info("");
		log.debug("");
		return lines.splice(0).length;
	};
	for (const [level, count] of [
		[OFF, 0],
		[ERROR, 1],
		[WARNING, 2],
		[INFO, 3],
		[DEBUG, 4],
	] as const) {
		log.level = level;
		equal(all(), count);
	}
});

test("the levels have the names of the command line, in order", () => {
	equal(LEVELS.indexOf("off"), OFF);
	equal(LEVELS.indexOf("error"), ERROR);
	equal(LEVELS.indexOf("warning"), WARNING);
	equal(LEVELS.indexOf("info"), INFO);
	equal(LEVELS.indexOf("debug"), DEBUG);
	equal(LEVELS.length, 5);
});

test("lines can be diverted", () => {
	const first: string[] = [];
	const second: string[] = [];
	const log = new Log(INFO, (line) => first.push(line));
	log.info("a");
	log.divert((line) => second.push(line));
	log.info("b");
	equal([first, second], [["<inf> a"], ["<inf> b"]]);
});
