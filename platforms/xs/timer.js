// Timers, with the Moddable SDK's signatures. Intervals are milliseconds of the device's clock and may have a fraction.
// A timer that was set for once and has fired is gone, unless its callback scheduled it again; one that repeats stays
// until it is cleared.
class Timer {
	static set(callback, interval, repeat) @ "xs_timer_set";
	static repeat(callback, interval) @ "xs_timer_repeat";
	static schedule(timer, interval, repeat) @ "xs_timer_schedule";
	static clear(timer) @ "xs_timer_clear";
}
Object.freeze(Timer.prototype);

export default Timer;
