// Decimals without an exponent, as plain text wants them (OMA-TS-LightweightM2M_Core-V1_1_1 appendix C, Float).
// Only for the few magnitudes where JavaScript writes an exponent; at most 330 characters.

/** True where JavaScript would write the number with an exponent. */
export function isExpanded(value: number): boolean {
	const size = value < 0 ? -value : value;
	return (size < 1e-6 && size > 0) || (size >= 1e21 && size - size === 0);
}

/** The shortest decimal that reads back as the same float64. @param value one that `isExpanded` */
export function expand(value: number): string {
	const text = (value < 0 ? -value : value).toString(); // d[.ddd]e[+-]ddd
	const mark = text.indexOf("e");
	const exponent = Number(text.slice(mark + 1));
	const digits = text.slice(0, 1) + text.slice(2, Math.max(mark, 2));
	const sign = value < 0 ? "-" : "";
	if (exponent < 0) return `${sign}0.${"0".repeat(-exponent - 1)}${digits}`;
	return sign + digits + "0".repeat(exponent - digits.length + 1);
}
