import type * as z from 'zod';
import type { ResultItemView } from '../../contracts/api/results.ts';
import type { Correction, ResultItem, Verdict } from '../../contracts/entities/result.ts';

/** An item after the verdict: the delivered answer, the buyer's correction, or null if the answer was refused. */
export type KnownItem = z.infer<typeof ResultItemView>;

/**
 * Applies a verdict to the items of a result. A corrected item has the buyer's answer. An item refused without a
 * correction has null, because its share of the price was refunded. Confidence and explanation of a replaced answer
 * are dropped.
 */
export function knownItems(
  verdict: Verdict,
  items: readonly ResultItem[],
  corrections: readonly Correction[],
): KnownItem[] {
  const correctionOf = new Map(corrections.map((correction) => [correction.item_id, correction]));
  return items.map((item) => {
    const correction = correctionOf.get(item.id);
    if (correction?.expected !== undefined) {
      return { id: item.id, prediction: correction.expected, corrected: true };
    }
    if (correction && verdict === 'rejected') return { id: item.id, prediction: null, refused: true };
    return item;
  });
}

/** Whether the verdict changes any delivered answer. */
export const changesItems = (verdict: Verdict, corrections: readonly Correction[]): boolean =>
  corrections.some((correction) => verdict === 'rejected' || correction.expected !== undefined);
