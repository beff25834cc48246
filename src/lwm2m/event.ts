// What the client tells the application: the events of Zephyr's RD client, by the same names.

export const BOOTSTRAP_REG_FAILURE = 1;
export const BOOTSTRAP_REG_COMPLETE = 2;
export const BOOTSTRAP_TRANSFER_COMPLETE = 3;
export const REGISTRATION_FAILURE = 4;
export const REGISTRATION_COMPLETE = 5;
export const REG_TIMEOUT = 6;
export const REG_UPDATE_COMPLETE = 7;
export const DEREGISTER_FAILURE = 8;
export const DISCONNECT = 9;
export const QUEUE_MODE_RX_OFF = 10;
export const ENGINE_SUSPENDED = 11;
export const SERVER_DISABLED = 12;
export const NETWORK_ERROR = 13;
export const REG_UPDATE = 14;
export const DEREGISTER = 15;

/** One of the constants above. */
export type ClientEvent = number;
