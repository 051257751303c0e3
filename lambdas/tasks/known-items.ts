import type * as z from 'zod';
import type { ResultItemView } from '../../contracts/api/results.ts';
import type { Correction, ResultItem, Verdict } from '../../contracts/entities/result.ts';

/** What is known of one item: what was answered, what the buyer put right, or nothing where it was refused. */
export type KnownItem = z.infer<typeof ResultItemView>;

/**
 * The items of a result with what the verdict says of them. A corrected item holds the buyer's answer; one that was
 * refused without one holds nothing: its share of the price went back, so the answer does not stay. Either way what was
 * said about the refused answer goes with it.
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

/** Whether the verdict changes anything of what was delivered. */
export const changesItems = (verdict: Verdict, corrections: readonly Correction[]): boolean =>
  corrections.some((correction) => verdict === 'rejected' || correction.expected !== undefined);
