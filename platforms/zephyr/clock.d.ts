// Keeps the clock by SNTP.

/**
 * Asks at once, every minute until there is an answer, and then once a day.
 * @param server its name or address, and `:port` where it is not 123
 */
export function keepClock(server: string): void;
