/**
 * Maximum decimals of a number form; numbers with more are neither rounded nor padded. `toFixed` accepts at most 100.
 */
export const MAX_DECIMALS = 100;

/** Decimals beyond the precision of a double. */
const DOUBLE_DIGITS = 15;

/** Rounds half away from zero: 1.005 → 1.01. */
export function rounded(value: number, decimals: number): number {
  if (!Number.isFinite(value) || decimals > DOUBLE_DIGITS || Math.abs(value) >= 1e21) return value;
  const shifted = Math.round(shift(Math.abs(value), decimals));
  const size = shift(shifted, -decimals);
  return value < 0 && size !== 0 ? -size : size;
}

/** `value` × 10^`places` on the decimal digits, without floating-point error. */
function shift(value: number, places: number): number {
  const [digits, exponent = '0'] = String(value).split('e');
  return Number(`${digits}e${Number(exponent) + places}`);
}
