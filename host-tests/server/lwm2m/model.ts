// The types of the resources the server knows: a compact table of facts from the OMA registry.
// One word a resource: id, type letter, `*` when it has instances, then the operations R, W, E.
// A resource that is not here is guessed from the content format.

import type { ResourceType } from "./value.js";

export interface ResourceModel {
	/** Absent for a resource that can only be executed. */
	readonly type?: ResourceType;
	readonly isMultiple: boolean;
	readonly operations: string;
}

const TYPES: Readonly<Record<string, ResourceType>> = {
	s: "STRING",
	i: "INTEGER",
	u: "UNSIGNED_INTEGER",
	f: "FLOAT",
	b: "BOOLEAN",
	o: "OPAQUE",
	t: "TIME",
	l: "OBJLNK",
	c: "CORELINK",
};

const OBJECTS: Readonly<Record<number, string>> = {
	0:
		"0s 1b 2i 3o 4o 5o 6i 7o 8o 9s 10i 11i 12i 13u 14s 15u 16u* 17l 18u* 19u* 20u* 21u* 22u 23u 24u 25s* " +
		"26l 27l* 28i 29i 30s",
	1:
		"0iR 1iRW 2iRW 3iRW 4xE 5iRW 6bRW 7sRW 8xE 9xE 10lRW 11uR 12tR 13uR 14uRW 15bR 16bR 17uRW 18uRW 19uRW " +
		"20uRW 21bRW 22sRW 23bRW 24l*RW 25s*RW 26iRW 27uRW",
	2: "0iR 1iR 2i*RW 3iRW",
	3:
		"0sR 1sR 2sR 3sR 4xE 5xE 6i*R 7i*R 8i*R 9iR 10iR 11i*R 12xE 13tRW 14sRW 15sRW 16sR 17sR 18sR 19sR " +
		"20iR 21iR 22l*R",
	4: "0iR 1i*R 2iR 3iR 4s*R 5s*R 6iR 7s*R 8iR 9iR 10iR 11iR 12iR 13iR",
	5: "0oW 1sRW 2xE 3iR 5iR 6sR 7sR 8i*R 9iR 10xE 11iRW 12tR 13uRW 14bRW",
	6: "0fR 1fR 2fR 3fR 4oR 5tR 6fR",
	7: "0iR 1iR 2iR 3iR 4iR 5iR 6xE 7xE 8iRW",
	9: "0sR 1sR 2oW 3sW 4xE 5lR 6xE 7iR 8bRW 9iR 10xE 11xE 12bR 13lRW 14sW 15sW 16sR 17l*R 18iR",
	16: "0s*RW 1xE 2o*R 3iR",
	19: "0o*RW 1iRW 2tRW 3sRW 4sRW 5iRW",
	3303: "5700fR 5601fR 5602fR 5603fR 5604fR 5701sR 5605xE 5750sRW 5518tR 6050fR 6042iR 6049iR",
	3304: "5700fR 5601fR 5602fR 5603fR 5604fR 5701sR 5605xE 5750sRW 5518tR 6050fR 6042iR 6049iR",
	3311: "5850bRW 5851iRW 5852iRW 5805fR 5820fR 5706sRW 5701sR 5750sRW",
	3340: "5521fRW 5538fR 5525fRW 5523xE 5850bRW 5501iR 5544fRW 5543bR 5534iRW 5526iRW 5750sRW",
	3342: "5500bR 5501iR 5852iRW 5854iRW 5750sRW 5518tR 6050fR",
};

const WORD = /^(\d+)([siufbotlcx])(\*?)([RWE]*)$/;

const models: ReadonlyMap<number, ReadonlyMap<number, ResourceModel>> = new Map(
	Object.entries(OBJECTS).map(([objectId, words]) => [Number(objectId), parseObject(words)]),
);

export function modelOf(objectId: number | undefined, resourceId: number | undefined): ResourceModel | undefined {
	if (objectId === undefined || resourceId === undefined) return undefined;
	return models.get(objectId)?.get(resourceId);
}

function parseObject(words: string): ReadonlyMap<number, ResourceModel> {
	const resources = new Map<number, ResourceModel>();
	for (const word of words.split(" ")) {
		const match = WORD.exec(word);
		if (!match) throw new SyntaxError(`bad word "${word}" in the table of objects`);
		const type = TYPES[match[2]!];
		const common = { isMultiple: match[3] === "*", operations: match[4]! };
		resources.set(Number(match[1]), type ? { type, ...common } : common);
	}
	return resources;
}
