// The device's clock, with the Moddable SDK's signatures.
class Time {
	// Milliseconds since some fixed moment.
	static get ticks() @ "xs_time_ticks";
	static delta(start, end = Time.ticks) {
		return end - start;
	}
	// Sets the wall clock, seconds since 1970. Date follows.
	static set(seconds) @ "xs_time_set";
}

export default Time;
