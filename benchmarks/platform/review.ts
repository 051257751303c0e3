/**
 * `npm run bench:review`: what `review_below` delivers. For each domain and threshold, over tasks with examples that
 * `python -m benchmarks quotes` answered: the share of answers that Duke MM delivers itself, their accuracy, and the accuracy of
 * all delivered answers where an agent of the stated accuracy answers the others.
 */
import { parseArgs } from 'node:util';
import { readOutcomes } from './outcomes.ts';

const THRESHOLDS = [0, 0.5, 0.7, 0.8, 0.9, 0.95, 0.98];
const { values } = parseArgs({
  options: { outcomes: { type: 'string' }, accuracy: { type: 'string', default: '0.98' } },
});
if (values.outcomes === undefined) throw new Error('--outcomes names the file that the study wrote');
const agentAccuracy = Number(values.accuracy);
const percent = (value: number): string => `${(100 * value).toFixed(1)} %`.padStart(9);

console.log(
  `An agent answers ${percent(agentAccuracy).trim()} of the items right; tasks with 20 or more examples.\n`,
);
console.log('domain            below   by Duke  of them right  delivered right');
const informed = readOutcomes(values.outcomes).filter(({ examples }) => examples >= 20);
for (const [domain, tasks] of Map.groupBy(informed, (task) => task.domain)) {
  const answers = tasks.flatMap((task) => task.answers);
  for (const threshold of THRESHOLDS) {
    const sure = answers.filter(({ confidence }) => confidence >= threshold);
    const right = sure.filter((answer) => answer.right).length;
    const delivered = (right + agentAccuracy * (answers.length - sure.length)) / answers.length;
    console.log(
      `${domain.padEnd(18)}${threshold.toFixed(2)}${percent(sure.length / answers.length)}${percent(right / Math.max(1, sure.length)).padStart(15)}${percent(delivered).padStart(17)}`,
    );
  }
}
