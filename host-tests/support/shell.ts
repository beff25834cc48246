// A shell on a device in memory, with a person at its port who types and reads. Runs on Node and on XS.
import type { Log } from "../../src/log.js";
import { Shell } from "../../src/shell/shell.js";
import type { ShellClient } from "../../src/shell/shell-client.js";
import { TestDevice } from "./device.js";
import { Screen } from "./screen.js";
import { TestSerial } from "./serial.js";

export interface TestShellOptions {
	isTerminal?: boolean;
	fifoBytes?: number;
	/** Columns of the terminal; 0: a program that answers no question. */
	width?: number;
	/** In place of the device's client. */
	client?: ShellClient;
}

export class TestShell {
	readonly device = new TestDevice();
	readonly shell: Shell;
	readonly serial: TestSerial;
	readonly screen: Screen;
	readonly log: Log = this.device.client.log;

	constructor({ isTerminal = false, fifoBytes, width = 80, client }: TestShellOptions = {}) {
		const { platform } = this.device;
		let serial: TestSerial | undefined;
		platform.serialPort = (options) => {
			serial = new TestSerial(options, isTerminal, fifoBytes);
			return serial;
		};
		this.shell = new Shell({ client: client ?? this.device.client, platform });
		this.screen = new Screen(width || 80, 20);
		this.shell.open();
		this.serial = serial!; // `open` has opened it
		if (width > 0) this.screen.onReply = (text) => this.serial.type(text);
		if (fifoBytes === undefined) this.look();
	}

	/** Types and looks at the screen; lets the device do what is due. */
	type(text: string): void {
		this.serial.type(text);
		this.device.platform.run();
		this.look();
	}

	/** What has been written so far appears on the screen. */
	look(): void {
		if (this.serial.isTerminal) this.screen.write(this.serial.take());
	}

	/** A pipe: runs one line. @returns the answer without prompts, each line ended */
	run(line: string): string {
		this.serial.take();
		this.serial.type(`${line}\n`);
		this.device.platform.run();
		const [, answer] = /^\n([\s\S]*)uart:~\$ $/.exec(this.serial.take()) ?? [];
		return answer ?? "(no prompt)";
	}
}
