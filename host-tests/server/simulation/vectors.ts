// The worked examples of the standards, as bytes.

export const bytes = (hex: string): Buffer => Buffer.from(hex.replace(/\s+/g, ""), "hex");

/** OMA TS 1.0.2, 6.4.3.1: Read of /3/0. */
export const DEVICE_TLV = bytes(`
	C8 00 14 4F 70 65 6E 20 4D 6F 62 69 6C 65 20 41 6C 6C 69 61 6E 63 65
	C8 01 16 4C 69 67 68 74 77 65 69 67 68 74 20 4D 32 4D 20 43 6C 69 65 6E 74
	C8 02 09 33 34 35 30 30 30 31 32 33
	C3 03 31 2E 30
	86 06 41 00 01 41 01 05
	88 07 08 42 00 0E D8 42 01 13 88
	87 08 41 00 7D 42 01 03 84
	C1 09 64
	C1 0A 0F
	83 0B 41 00 00
	C4 0D 51 82 42 8F
	C6 0E 2B 30 32 3A 30 30
	C1 10 55`);

/** OMA TS 1.0.2, 6.4.3.2: Read of /2, two instances. */
export const ACCESS_TLV = bytes(`
	08 00 0E C1 00 01 C1 01 00 83 02 41 7F 07 C1 03 7F
	08 02 12 C1 00 03 C1 01 00 87 02 41 7F 07 61 01 36 01 C1 03 7F`);

/** OMA TS 1.0.2, 6.4.3.2: Read of /1, one instance. */
export const SERVER_TLV = bytes("08 00 0F C1 00 01 C4 01 00 01 51 80 C1 06 01 C1 07 55");

/** OMA TS 1.0.2, 6.4.4: Read of /3/0. */
export const DEVICE_JSON = `{"bn":"/3/0/","e":[
	{"n":"0","sv":"Open Mobile Alliance"},
	{"n":"1","sv":"Lightweight M2M Client"},
	{"n":"2","sv":"345000123"},
	{"n":"3","sv":"1.0"},
	{"n":"6/0","v":1},
	{"n":"6/1","v":5},
	{"n":"7/0","v":3800},
	{"n":"7/1","v":5000},
	{"n":"8/0","v":125},
	{"n":"8/1","v":900},
	{"n":"9","v":100},
	{"n":"10","v":15},
	{"n":"11/0","v":0},
	{"n":"13","v":1367491215},
	{"n":"14","sv":"+02:00"},
	{"n":"16","sv":"U"}]}`;

/** OMA TS 1.0.2, 6.4.4: a notification with times. */
export const HISTORY_JSON = `{"e":[
	{"n":"1/2","v":22.4,"t":-5},
	{"n":"1/2","v":22.9,"t":-30},
	{"n":"1/2","v":24.1,"t":-50}],
	"bn":"/72/",
	"bt":25462634}`;

/** RFC 8428, 5.1.2 in JSON. */
export const METER_JSON = `[
	{"bn":"urn:dev:ow:10e2073a0108006:","bt":1.276020076001e+09,"bu":"A","bver":5,"n":"voltage","u":"V","v":120.1},
	{"n":"current","t":-5,"v":1.2},
	{"n":"current","t":-4,"v":1.3},
	{"n":"current","t":-3,"v":1.4},
	{"n":"current","t":-2,"v":1.5},
	{"n":"current","t":-1,"v":1.6},
	{"n":"current","v":1.7}]`;

/** RFC 8428, 6: the same in CBOR. */
export const METER_CBOR = bytes(`
	87 a7 21 78 1b 75 72 6e 3a 64 65 76 3a 6f 77 3a 31 30 65 32 30 37 33 61 30 31 30 38 30 30 36 3a
	22 fb 41 d3 03 a1 5b 00 10 62 23 61 41 20 05 00 67 76 6f 6c 74 61 67 65 01 61 56 02 fb 40 5e 06 66 66 66 66 66
	a3 00 67 63 75 72 72 65 6e 74 06 24 02 fb 3f f3 33 33 33 33 33 33
	a3 00 67 63 75 72 72 65 6e 74 06 23 02 fb 3f f4 cc cc cc cc cc cd
	a3 00 67 63 75 72 72 65 6e 74 06 22 02 fb 3f f6 66 66 66 66 66 66
	a3 00 67 63 75 72 72 65 6e 74 06 21 02 f9 3e 00
	a3 00 67 63 75 72 72 65 6e 74 06 20 02 fb 3f f9 99 99 99 99 99 9a
	a3 00 67 63 75 72 72 65 6e 74 06 00 02 fb 3f fb 33 33 33 33 33 33`);
