// The program that the SDK's Linux target makes.

export function exit(status: number): never;
