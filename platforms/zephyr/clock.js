// Keeps the clock by SNTP. clock.d.ts says what the function does.
function keepClock(server) @ "xs_zephyr_keepClock";

export { keepClock };
