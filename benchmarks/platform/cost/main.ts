/**
 * What AWS would charge for one task's whole life, from posting to its counted outcomes: the calls that the real functions make
 * on a platform of their own, priced by `prices.ts`. Three tasks: an inline item, a table of 200 rows, a PDF. Without the
 * endpoint, which is paid by the hour, and without what runs by the clock. Usage: npm run bench:cost [-- --calls]
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { DukeNet } from '../../../client/typescript/src/index.ts';
import { callsFolder } from '../../../local/calls/settings.ts';
import { startPlatform } from '../../../local/platform.ts';
import { freePorts } from '../../../local/ports.ts';
import { byFunction, priced } from './lines.ts';
import { onePagePdf } from './one-page-pdf.ts';

const PASSWORD = 'DukeNET-local-1';
/** Longest time between two consequences of a verdict on a busy machine. */
const QUIET_MS = 15_000;
const TASK_MS = 300_000;

interface Subject {
  readonly name: string;
  /** Uploads what the task needs, which is part of its cost, and posts it. */
  readonly post: (api: DukeNet) => Promise<{ readonly id: string }>;
}

const SUBJECTS: readonly Subject[] = [
  {
    name: 'one inline item',
    post: (api) =>
      api.call('createTask', {
        body: {
          description: 'Is this message spam?',
          complexity: 1,
          labels: ['ham', 'spam'],
          items: [{ id: '1', fields: { text: 'win a prize now' } }],
        },
      }),
  },
  {
    name: 'a table of 200 rows',
    post: async (api) => {
      const labelOf = (i: number): string => (i >= 20 ? '' : i % 2 === 0 ? 'ham' : 'spam');
      const rows = Array.from({ length: 200 }, (_, i) => `message number ${i} of a table,${labelOf(i)}`);
      const data = ['text,label', ...rows].join('\n');
      const file = await api.upload({ filename: 'rows.csv', content_type: 'text/csv', data });
      const body = { description: 'Is this message spam?', complexity: 1, files: [file.id], target: 'label' };
      return api.call('createTask', { body });
    },
  },
  {
    name: 'a PDF',
    post: async (api) => {
      const data = onePagePdf('Invoice 4711 of the first of November, payable within thirty days.');
      const file = await api.upload({ filename: 'letter.pdf', content_type: 'application/pdf', data });
      const labels = ['yes', 'no'];
      const body = { description: 'Is this an invoice?', complexity: 1, labels, files: [file.id] };
      return api.call('createTask', { body });
    },
  },
];

async function lifeOf(buyer: DukeNet, { post }: Subject): Promise<void> {
  const task = await post(buyer);
  const done = await buyer.waitForTask(task.id, { timeoutMs: TASK_MS });
  if (done.status !== 'completed') throw new Error(`the task is ${done.status}`);
  const { items } = await buyer.call('listTaskResults', { params: { task_id: task.id } });
  await buyer.call('giveFeedback', {
    params: { result_id: items[0]!.id },
    body: { verdict: 'accept', corrections: [] },
  });
  await sleep(QUIET_MS);
}

const [web, api, aws, sagemaker] = await freePorts(4);
const platform = await startPlatform({
  ports: { web: web!, api: api!, aws: aws!, sagemaker: sagemaker! },
  name: 'bench-cost',
  reset: true,
  recordCalls: true,
  signal: new AbortController().signal,
  say: (text) => {
    console.error(text);
  },
});
try {
  const buyer = await new DukeNet({ baseUrl: platform.apiUrl }).login('buyer@dukenet.local', PASSWORD);
  const folder = callsFolder(platform.places);
  for (const subject of SUBJECTS) {
    await lifeOf(buyer, subject); // Starts the processes of the functions.
    const from = Date.now();
    await lifeOf(buyer, subject);
    const lines = priced(folder, from, Date.now());
    const total = lines.reduce((usd, line) => usd + line.usd, 0);
    console.log(`\n${subject.name}: $${(total * 1e6).toFixed(1)} per million tasks`);
    for (const { what, count, usd } of lines)
      console.log(
        `  ${what.padEnd(22)} ${String(Number(count.toPrecision(3))).padStart(10)}  $${(usd * 1e6).toFixed(2)}`,
      );
    if (process.argv.includes('--calls')) console.log(byFunction(folder, from, Date.now()).join('\n'));
  }
} finally {
  await platform.stop();
}
