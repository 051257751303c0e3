/**
 * `npm run bench:review`: what `review_below` delivers. Tasks with 60 examples are posted with several thresholds by the
 * product's own use cases; a person who is always right, and one who is right in 95 %, answer what Duke MM is unsure of. Prints
 * how much Duke MM did by itself, and how much of what was delivered is right. Beside it: the most that Duke MM could do if 97 % must
 * be right, by the best threshold and by an oracle that knows which answers are right.
 */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { mulberry32 } from '../../../scripts/shared/random.ts';
import { reviewAndDeliver } from './bench.ts';
import type { ReviewedTask } from './bench.ts';
import { shareByOracle, shareByThreshold } from './best-split.ts';
import { mean, percent } from './reliability.ts';
import { ServedModel } from './served-model.ts';
import { readTasks } from './tasks.ts';

const THRESHOLDS = [0, 0.5, 0.7, 0.8, 0.9, 0.95];
const ACCURACIES = [1, 0.95];
const EXAMPLES = 60;
/** Share of right answers to deliver. */
const TARGET = 0.97;
const { values } = parseArgs({ options: { work: { type: 'string', default: '.local/bench/quotes-run' } } });

const model = await ServedModel.start(join(values.work, 'registry'), join(values.work, 'model.log'));
/** By domain, threshold and accuracy of the person. */
const reviewed = new Map<string, ReviewedTask[]>();
const random = mulberry32(1);
try {
  for await (const task of readTasks(join(values.work, 'tasks.jsonl'))) {
    if (task.examples.length < EXAMPLES) continue;
    for (const threshold of THRESHOLDS)
      for (const accuracy of ACCURACIES) {
        const name = [task.domain, threshold, accuracy].join(' ');
        const outcome = await reviewAndDeliver(model, task, threshold, { accuracy, random });
        reviewed.set(name, [...(reviewed.get(name) ?? []), outcome]);
      }
  }
} finally {
  await model.stop();
}

const sum = (tasks: readonly ReviewedTask[], of: (task: ReviewedTask) => number): number =>
  tasks.reduce((total, task) => total + of(task), 0);
type Count = Exclude<keyof ReviewedTask, 'dukeAnswers'>;
const share = (tasks: readonly ReviewedTask[], right: Count, all: Count): string => {
  const count = sum(tasks, (task) => task[all]);
  return count === 0 ? 'none' : percent(sum(tasks, (task) => task[right]) / count);
};
const domains = new Set([...reviewed.keys()].map((name) => name.split(' ')[0]!));

console.log(
  '| domain | review_below | by Duke MM | of them right | delivered right | with a person of 95 % |',
);
console.log('| --- | --- | --- | --- | --- | --- |');
for (const domain of domains)
  for (const threshold of THRESHOLDS) {
    const [perfect = [], fallible = []] = ACCURACIES.map((accuracy) =>
      reviewed.get([domain, threshold, accuracy].join(' ')),
    );
    const cells = [
      share(perfect, 'byDuke', 'items'),
      share(perfect, 'byDukeRight', 'byDuke'),
      share(perfect, 'right', 'items'),
      share(fallible, 'right', 'items'),
    ];
    console.log(`| ${[domain, threshold, ...cells].join(' | ')} |`);
  }

console.log(
  `\n| domain | Duke MM alone right | mean confidence | most by Duke MM at ${percent(TARGET)} right, best threshold | by an oracle |`,
);
console.log('| --- | --- | --- | --- | --- |');
for (const domain of domains) {
  const tasks = reviewed.get([domain, 0, 1].join(' ')) ?? [];
  const answers = tasks.flatMap(({ dukeAnswers }) => dukeAnswers);
  const cells = [
    mean(answers.map(({ isRight }) => Number(isRight))),
    mean(answers.map(({ confidence }) => confidence)),
    shareByThreshold(answers, TARGET),
    shareByOracle(answers, TARGET),
  ];
  console.log(`| ${[domain, ...cells.map(percent)].join(' | ')} |`);
}
