/**
 * `npm run bench:quotes`: whether the odds of quotes are honest. Reads the outcomes of tasks that
 * `python -m benchmarks quotes` answered, states the odds of each by the product's function, and prints beside each range of
 * stated odds the share of items that was right, and how often the share lay within the stated interval (nine of ten).
 */
import { parseArgs } from 'node:util';
import { measuredOdds } from '../../lambdas/tasks/odds.ts';
import { readOutcomes } from './outcomes.ts';

const RANGES = 10;
/** `SAMPLE_ITEMS` of lambdas/tasks/sample-answers.ts. */
const SAMPLED = 24;
const { values } = parseArgs({ options: { outcomes: { type: 'string' } } });
if (values.outcomes === undefined) throw new Error('--outcomes names the file that the study wrote');

const tasks = readOutcomes(values.outcomes).map(({ domain, examples, answers }) => {
  const odds = measuredOdds({
    // The rows are in random order, so the first are a random sample.
    confidences: answers.slice(0, SAMPLED).map(({ confidence }) => confidence),
    itemCount: answers.length,
    informed: examples > 0,
  });
  const share = answers.filter(({ right }) => right).length / answers.length;
  return { ...odds, domain, examples: String(examples), share };
});
type Task = (typeof tasks)[number];

const mean = (numbers: readonly number[]): number =>
  numbers.reduce((sum, value) => sum + value, 0) / numbers.length;
const percent = (value: number): string => `${(100 * value).toFixed(1)} %`;
const isWithin = ({ share, interval: [low, high] }: Task): boolean => share >= low && share <= high;

function print(title: string, nameOf: (task: Task) => string): void {
  console.log(`\n${title.padEnd(16)}tasks   stated    right    within`);
  const groups = [...Map.groupBy(tasks, nameOf)].sort(([a], [b]) =>
    a.localeCompare(b, 'en', { numeric: true }),
  );
  for (const [name, group] of [...groups, ['all', tasks] as const]) {
    const stated = percent(mean(group.map((task) => task.success_probability)));
    const right = percent(mean(group.map(({ share }) => share)));
    const within = percent(group.filter(isWithin).length / group.length);
    console.log(
      `${name.padEnd(16)}${String(group.length).padStart(5)}${stated.padStart(9)}${right.padStart(9)}${within.padStart(10)}`,
    );
  }
}

const range = ({ success_probability: p }: Task): string => {
  const low = Math.min(RANGES - 1, Math.floor(p * RANGES)) * RANGES;
  return `${low} to ${low + RANGES} %`;
};
print('stated odds', range);
print('examples', ({ examples }) => examples);
print('domain', ({ domain }) => domain);
const gap = mean(
  [...Map.groupBy(tasks, range).values()].flatMap((group) =>
    group.map(() =>
      Math.abs(mean(group.map(({ share }) => share)) - mean(group.map((task) => task.success_probability))),
    ),
  ),
);
console.log(`\nexpected calibration error of the odds: ${percent(gap)}`);
