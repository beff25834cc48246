// What the client tells the application: the events of Zephyr's RD client, by the same names.

/** A bootstrap has failed, or the bootstrap server has refused it. */
export const BOOTSTRAP_REG_FAILURE = 1;
/** Bootstrap-Request has been answered. */
export const BOOTSTRAP_REG_COMPLETE = 2;
/** Bootstrap-Finish has been accepted: the configuration is in force. */
export const BOOTSTRAP_TRANSFER_COMPLETE = 3;
/** A Register was refused. */
export const REGISTRATION_FAILURE = 4;
/** The device is registered. */
export const REGISTRATION_COMPLETE = 5;
/** A Register or an Update was not answered, or reset. */
export const REG_TIMEOUT = 6;
/** An Update has been answered. */
export const REG_UPDATE_COMPLETE = 7;
/** De-register was refused, or has had no answer. */
export const DEREGISTER_FAILURE = 8;
/** A server, or the bootstrap server, has been left. */
export const DISCONNECT = 9;
/** Queue mode: the device does not listen any more. */
export const QUEUE_MODE_RX_OFF = 10;
/** `pause()` was called. */
export const ENGINE_SUSPENDED = 11;
/** Disable (1/x/4) was executed. */
export const SERVER_DISABLED = 12;
/** There is no connection: no address, no socket, a handshake that has failed. */
export const NETWORK_ERROR = 13;
/** An Update goes out. */
export const REG_UPDATE = 14;
/** De-register goes out. */
export const DEREGISTER = 15;

/** One of the constants above. */
export type ClientEvent = number;
