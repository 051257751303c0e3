/**
 * `npm run bench:quotes`: whether the odds of quotes are honest. Each of 500 tasks is quoted, posted with its quote and
 * delivered by the product's own use cases; Duke MM is the real model in a process beside them. Prints what was stated beside
 * what was right. The outcomes are kept in the work folder: `--from outcomes.jsonl` prints them again.
 */
import { appendFileSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { quoteAndDeliver } from './bench.ts';
import type { QuotedTask } from './bench.ts';
import {
  byStatedOdds,
  expectedCalibrationError,
  percent,
  reliabilityRows,
  reliabilityTable,
} from './reliability.ts';
import { ServedModel } from './served-model.ts';
import { readTasks } from './tasks.ts';

const { values } = parseArgs({
  options: {
    work: { type: 'string', default: '.local/bench/quotes-run' },
    from: { type: 'string' },
  },
});

async function measure(work: string): Promise<QuotedTask[]> {
  const outcomes = join(work, 'outcomes.jsonl');
  rmSync(outcomes, { force: true });
  const model = await ServedModel.start(join(work, 'registry'), join(work, 'model.log'));
  const tasks: QuotedTask[] = [];
  try {
    for await (const task of readTasks(join(work, 'tasks.jsonl'))) {
      const quoted = await quoteAndDeliver(model, task);
      appendFileSync(outcomes, `${JSON.stringify(quoted)}\n`);
      tasks.push(quoted);
    }
  } finally {
    await model.stop();
  }
  return tasks;
}

const tasks =
  values.from === undefined
    ? await measure(values.work)
    : readFileSync(values.from, 'utf8')
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as QuotedTask);

const informed = tasks.filter(({ examples }) => examples > 0);
console.log(reliabilityTable('stated odds', byStatedOdds(tasks)), '\n');
console.log(reliabilityTable('with examples', byStatedOdds(informed)), '\n');
console.log(
  reliabilityTable(
    'examples',
    reliabilityRows(tasks, ({ examples }) => String(examples)),
  ),
  '\n',
);
console.log(
  reliabilityTable(
    'domain',
    reliabilityRows(tasks, ({ domain }) => domain),
  ),
  '\n',
);
console.log(
  reliabilityTable(
    '',
    reliabilityRows(tasks, () => 'all'),
  ),
  '\n',
);
console.log(
  `Expected calibration error: ${percent(expectedCalibrationError(tasks))}; with examples ${percent(expectedCalibrationError(informed))}.`,
);
