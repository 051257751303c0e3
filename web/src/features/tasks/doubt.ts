import type { ResultItem } from '../../lib/api/types.ts';

/** More labels than this say that nothing is known. */
const MAX_LABELS = 5;
const figure = new Intl.NumberFormat('en-US', { maximumSignificantDigits: 6, useGrouping: false });

/**
 * How far an answer may be off, in words: `128 to 142`, `could also be ham, news`; both hold in 95 of 100 items.
 * Undefined where the model does not say, and where it is sure.
 */
export function doubtOf({
  prediction,
  interval,
  label_set,
}: Pick<ResultItem, 'prediction' | 'interval' | 'label_set'>): string | undefined {
  if (interval) return `${figure.format(interval[0])} to ${figure.format(interval[1])}`;
  if (!label_set || label_set.length < 2 || label_set.length > MAX_LABELS) return undefined;
  return `could also be ${label_set.filter((label) => label !== prediction).join(', ')}`;
}
