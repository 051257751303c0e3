import type { ResultItem } from '../../lib/api/types.ts';

/** Larger prediction sets say nothing and are not shown. */
const MAX_LABELS = 5;
const figure = new Intl.NumberFormat('en-US', { maximumSignificantDigits: 6, useGrouping: false });

/**
 * The uncertainty of an answer in words: `128 to 142`, `could also be ham, news`, with 95 % coverage. Undefined if
 * the model states none or is sure.
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
