/** Most decimals a form states; numbers with more are neither rounded nor padded. `toFixed` takes no more than 100. */
export const MAX_DECIMALS = 100;

/** Decimals beyond which a double holds nothing to round. */
const DOUBLE_DIGITS = 15;

/** Rounded half away from zero to a number of decimals, as people round: 1.005 → 1.01. */
export function rounded(value: number, decimals: number): number {
  if (!Number.isFinite(value) || decimals > DOUBLE_DIGITS || Math.abs(value) >= 1e21) return value;
  const shifted = Math.round(shift(Math.abs(value), decimals));
  const size = shift(shifted, -decimals);
  return value < 0 && size !== 0 ? -size : size;
}

/** `value` × 10^`places` by its decimal digits, without the error of a multiplication. */
function shift(value: number, places: number): number {
  const [digits, exponent = '0'] = String(value).split('e');
  return Number(`${digits}e${Number(exponent) + places}`);
}
