import type { Judged } from './buyer.ts';
import { WINDOW, percent, successOf } from './chart.ts';
import type { Success } from './chart.ts';
import type { Promotion } from './watch.ts';

export const PROMOTIONS = 2;

export interface Step {
  readonly promotion: Promotion;
  /** Success of the last tasks before a promotion and of the first ones after it, up to a hundred each. */
  readonly before: Success;
  readonly after: Success;
}

export const stepsOf = (judged: readonly Judged[], promotions: readonly Promotion[]): Step[] =>
  promotions.map((promotion) => ({
    promotion,
    before: successOf(judged.slice(Math.max(0, promotion.after - WINDOW), promotion.after)),
    after: successOf(judged.slice(promotion.after, promotion.after + WINDOW)),
  }));

/** Whether the stream is complete: all its tasks, and a hundred more since the second promotion. */
export function isOver(judged: number, promotions: readonly Promotion[], tasks: number): boolean {
  if (judged >= 2 * tasks) return true;
  const second = promotions[PROMOTIONS - 1];
  return judged >= tasks && second !== undefined && judged - second.after >= WINDOW;
}

export function reportLines(
  judged: readonly Judged[],
  promotions: readonly Promotion[],
  frozen: string,
): string[] {
  const row = (what: string, { tasks, duke, frozen: old }: Success): string =>
    `  ${what.padEnd(44)} ${String(tasks).padStart(5)} tasks  ${percent(duke)}  ${percent(old)}`;
  const named = (pairs: [string, Judged[]][]): string[] =>
    pairs.filter(([, tasks]) => tasks.length > 0).map(([what, tasks]) => row(what, successOf(tasks)));
  const families = [...new Set(judged.map((task) => task.source))];
  const versions = [...new Set(judged.map((task) => task.version))];
  return [
    `${'Success'.padEnd(59)}  Duke MM  frozen v${frozen}, same items`,
    ...stepsOf(judged, promotions).flatMap(({ promotion: { version, after: at }, before, after }) => [
      row(`the last before v${version} was promoted (task ${at})`, before),
      ...(after.tasks > 0 ? [row(`the next after it`, after)] : []),
    ]),
    ...named(versions.map((v) => [`all done by v${v}`, judged.filter((task) => task.version === v)])),
    ...named(
      families.map((f) => [`the last of ${f}`, judged.filter((t) => t.source === f).slice(-WINDOW / 3)]),
    ),
    ...named([['the last of all', judged.slice(-WINDOW)]]),
  ];
}

/**
 * Expectations of the loop that were not met; empty if all were.
 * @param ledgerSum of all entries of the table; undefined if it cannot be read
 */
export function missedPromises(
  judged: readonly Judged[],
  promotions: readonly Promotion[],
  ledgerSum: number | undefined,
): string[] {
  const missed: string[] = [];
  if (promotions.length < PROMOTIONS) missed.push(`${promotions.length} promotions, not ${PROMOTIONS}`);
  for (const { promotion, before, after } of stepsOf(judged, promotions)) {
    const name = `version ${promotion.version}`;
    if (after.tasks === 0) continue; // promoted at the very end: nothing tells
    if (after.duke <= after.frozen) missed.push(`${name} is not better than the frozen version`);
    const noise = 2 * Math.sqrt(variance(before) + variance(after));
    if (after.duke < before.duke - noise)
      missed.push(`success fell after ${name} by more than chance allows`);
  }
  const first = stepsOf(judged, promotions)[0]?.before;
  if (first && successOf(judged.slice(-WINDOW)).duke <= first.duke) {
    missed.push('the last tasks went no better than those before the first promotion');
  }
  if (ledgerSum !== undefined && ledgerSum !== 0) missed.push(`the ledger sums to ${ledgerSum} satoshis`);
  return missed;
}

/** Standard error of a mean of task shares; the variance of each is at most that of a yes or no. */
const variance = ({ duke, tasks }: Success): number => (duke * (1 - duke)) / tasks;
