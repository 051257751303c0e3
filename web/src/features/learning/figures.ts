import type { ModelMetrics } from '../../lib/api/types.ts';
import { ABSENT, share } from '../../lib/format.ts';

export { ABSENT, share, shareTick } from '../../lib/format.ts';

type Scores = NonNullable<ModelMetrics['candidate']>;

const minus = (text: string): string => text.replace('-', '−');

/** Up to three significant digits after the point: errors and losses may be small. */
export const score = (value: number | null | undefined): string => {
  if (value === null || value === undefined) return ABSENT;
  return minus(Math.abs(value) >= 100 ? value.toFixed(0) : value.toFixed(3));
};
/** +0.103 → `+10.3 points`. Nothing that rounds to nothing has a sign. */
export const points = (difference: number): string => {
  const text = (100 * difference).toFixed(1);
  if (/^-?0\.0$/.test(text)) return '0.0 points';
  return minus(`${difference > 0 ? '+' : ''}${text} points`);
};
const signed = (difference: number): string => {
  const text = score(difference);
  if (/^−?0\.000$/.test(text)) return '0.000';
  return difference > 0 ? `+${text}` : text;
};

interface Figure {
  readonly name: string;
  readonly note?: string;
  readonly of: (scores: Scores) => number | null;
  readonly better: 'higher' | 'lower';
  readonly show: 'share' | 'score' | 'count';
}

/** The figures of a version, the most telling first. */
export const FIGURES: readonly Figure[] = [
  { name: 'Accuracy', of: (s) => s.accuracy, better: 'higher', show: 'share' },
  { name: 'Precision', note: 'mean over classes', of: (s) => s.precision, better: 'higher', show: 'share' },
  { name: 'Recall', note: 'mean over classes', of: (s) => s.recall, better: 'higher', show: 'share' },
  { name: 'F1', note: 'mean over classes', of: (s) => s.f1, better: 'higher', show: 'share' },
  {
    name: 'Calibration error',
    note: 'ECE: how far confidence is from being right',
    of: (s) => s.ece,
    better: 'lower',
    show: 'score',
  },
  {
    name: 'Brier score',
    note: 'of the confidence',
    of: (s) => s.calibration?.brier ?? null,
    better: 'lower',
    show: 'score',
  },
  {
    name: 'Needs no human',
    note: 'largest share with 97 % of it right',
    of: (s) => s.surest?.share_at_97 ?? null,
    better: 'higher',
    show: 'share',
  },
  {
    name: 'R²',
    note: 'of numbers: variance explained',
    of: (s) => s.r2,
    better: 'higher',
    show: 'score',
  },
  {
    name: 'Mean error',
    note: 'of numbers; over all families in standard deviations',
    of: (s) => s.mae,
    better: 'lower',
    show: 'score',
  },
  { name: 'Exact match', note: 'of texts', of: (s) => s.exact_match, better: 'higher', show: 'share' },
  { name: 'F1 of words', note: 'of texts', of: (s) => s.token_f1, better: 'higher', show: 'share' },
  {
    name: 'Refunds',
    note: 'share of the prices',
    of: (s) => s.revenue?.refund_rate ?? null,
    better: 'lower',
    show: 'share',
  },
  {
    name: 'Earned an item',
    note: 'satoshis, after refunds',
    of: (s) => s.revenue?.net_satoshis_per_item ?? null,
    better: 'higher',
    show: 'score',
  },
  { name: 'Not answered', note: 'items', of: (s) => s.unanswered, better: 'lower', show: 'count' },
];

/** A score on an axis: `0.5`. */
export const scoreTick = (value: number): string => minus(String(Number(value.toPrecision(3))));

export type Verdict = 'better' | 'worse' | 'same';

export interface Comparison {
  readonly name: string;
  readonly note: string | undefined;
  readonly candidate: string;
  readonly production: string;
  readonly difference: string;
  /** Undefined where there is nothing to compare with. */
  readonly verdict: Verdict | undefined;
}

const SHOW = {
  share: { value: share, difference: points },
  score: { value: score, difference: signed },
  count: {
    value: (value: number | null) => (value === null ? ABSENT : String(value)),
    difference: (difference: number) => minus(difference > 0 ? `+${difference}` : String(difference)),
  },
} as const;

/** Candidate beside production, without the figures that neither has. */
export function compare(candidate: Scores, production: Scores | null): Comparison[] {
  return FIGURES.flatMap(({ name, note, of, better, show }) => {
    const now = of(candidate);
    const before = production && of(production);
    if (now === null && before === null) return [];
    const { value, difference } = SHOW[show];
    const change = now === null || before === null ? undefined : now - before;
    const text = change === undefined ? ABSENT : difference(change);
    const none = change === 0 || /^0\.0+( points)?$/.test(text);
    const up = better === 'higher' ? 'better' : 'worse';
    const down = better === 'higher' ? 'worse' : 'better';
    const verdict = change === undefined ? undefined : none ? 'same' : change > 0 ? up : down;
    return [{ name, note, candidate: value(now), production: value(before), difference: text, verdict }];
  });
}

/** Mean success of the tasks that Duke MM did on the days that are known; null without any. */
export function successSoFar(days: ModelMetrics['takeover']): number | null {
  const judged = days.filter(({ duke_mm_success_rate }) => duke_mm_success_rate !== null);
  const tasks = judged.reduce((sum, { duke_mm }) => sum + duke_mm, 0);
  if (tasks === 0) return null;
  return judged.reduce((sum, day) => sum + (day.duke_mm_success_rate ?? 0) * day.duke_mm, 0) / tasks;
}
