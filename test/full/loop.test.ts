import { expect, test } from 'vitest';
import { eventually } from '../integration/eventually.ts';
import { ended, newBuyer, seeded } from '../integration/support.ts';

const THINGS: Readonly<Record<string, 0 | 1>> = {
  bed: 0,
  lamp: 0,
  sofa: 0,
  desk: 0,
  tree: 1,
  river: 1,
  bench: 1,
  meadow: 1,
};
/** As many as start a run, in tasks of twenty. */
const TASKS = 6;
const ITEMS = 20;
const MINUTES = 60_000;

/** Names that say nothing of the answer: only the corrections tell. */
const LABELS_OF_RULE = ['alpha', 'beta'];
const right = (text: string): string => {
  const thing = Object.entries(THINGS).find(([name]) => text.includes(name));
  return LABELS_OF_RULE[thing?.[1] ?? 0]!;
};

/** One task, judged truly: what was answered wrongly comes back with the right answer. Answers how many were. */
async function judgedTask(api: Awaited<ReturnType<typeof newBuyer>>['api'], from: number): Promise<number> {
  const names = Object.keys(THINGS);
  const texts = Array.from(
    { length: ITEMS },
    (_, i) => `The ${names[(from + i) % names.length]} that I saw on walk ${from + i}`,
  );
  const task = await api.call('createTask', {
    body: {
      description: 'Is it an alpha or a beta?',
      complexity: 1,
      labels: LABELS_OF_RULE,
      items: texts.map((text) => ({ fields: { text } })),
    },
  });
  const done = await ended(api, task.id, 2 * MINUTES);
  const result_id = done.result_id!;
  const { items } = await api.call('listResultItems', { params: { result_id }, query: { limit: 100 } });
  const corrections = items.flatMap((item, i) =>
    item.prediction === right(texts[i]!) ? [] : [{ item_id: item.id, expected: right(texts[i]!) }],
  );
  await api.call('giveFeedback', {
    params: { result_id },
    body: { verdict: corrections.length > 0 ? 'reject' : 'accept', corrections },
  });
  return corrections.length;
}

test(
  'a hundred outcomes later a better version serves, and the earlier one can be put back',
  async () => {
    const { api } = await newBuyer();
    const admin = await seeded('admin');
    let wrong = 0;
    for (let task = 0; task < TASKS; task++) wrong += await judgedTask(api, task * ITEMS);
    expect(wrong).toBeGreaterThan(20);

    const status = await eventually(
      () => admin.call('getModelStatus', {}),
      ({ production, run }) => production?.version === '2' && run === null,
      10 * MINUTES,
    );
    expect(status.production).toMatchObject({ state: 'production', parent: '1', gate: { passed: true } });
    const { items: runs } = await admin.call('listRuns', {});
    expect(runs.map((run) => [run.status, run.trigger.reason])).toEqual([['promoted', 'outcomes']]);
    const run = await admin.call('getRun', { params: { run_id: runs[0]!.id } });
    expect(run.curves.length).toBeGreaterThan(0);
    const metrics = await admin.call('getModelMetrics', {});
    expect(metrics.accuracy).toBeGreaterThan(metrics.production?.accuracy ?? 1);

    // The new version answers, and better.
    expect(await judgedTask(api, 1000)).toBeLessThan((wrong / TASKS) * 0.5);
    const back = await admin.call('promoteVersion', { params: { version: '1' }, body: {} });
    expect(back).toMatchObject({ version: '1', previous: '2' });
    expect((await admin.call('getModelStatus', {})).production?.version).toBe('1');
  },
  20 * MINUTES,
);
