export type Range = readonly [from: number, to: number];

/** From values to pixels. */
export const scale =
  ([from, to]: Range, [start, end]: Range) =>
  (value: number): number =>
    to === from ? (start + end) / 2 : start + ((value - from) / (to - from)) * (end - start);

const STEPS = [1, 2, 5, 10];

/** Round numbers across a range, about `wanted` of them: multiples of 1, 2 or 5 times a power of ten. */
export function ticks([from, to]: Range, wanted = 4): number[] {
  if (!(to > from)) return [from];
  const raw = (to - from) / wanted;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = power * (STEPS.find((factor) => factor * power >= raw * 0.999) ?? 10);
  const first = Math.ceil(from / step - 1e-9);
  const last = Math.floor(to / step + 1e-9);
  // Whole multiples, rounded: 3 × 0.1 is 0.30000000000000004.
  return Array.from({ length: last - first + 1 }, (_, i) => Number(((first + i) * step).toPrecision(12)));
}

/** The range of some values, a little wider, so that no line lies on the frame; null for none. */
export function rangeOf(values: readonly number[], margin = 0.08): Range | null {
  if (values.length === 0) return null;
  const low = Math.min(...values);
  const high = Math.max(...values);
  const pad = high === low ? Math.abs(high) * margin || 1 : (high - low) * margin;
  return [low - pad, high + pad];
}
