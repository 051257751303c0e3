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

/** Of things of a house and of things outside. The names point the other way (16 of 20 wrong): only corrections tell. */
const LABELS_OF_RULE = ['beta', 'alpha'];
const right = (text: string): string => {
  const thing = Object.entries(THINGS).find(([name]) => text.includes(name));
  return LABELS_OF_RULE[thing?.[1] ?? 0]!;
};

const QUESTION = 'Is it an alpha or a beta?';

/** One task, judged truly: what was answered wrongly comes back with the right answer. */
async function judgedTask(
  api: Awaited<ReturnType<typeof newBuyer>>['api'],
  from: number,
  description = QUESTION,
): Promise<{ wrong: number; recalled: number | undefined }> {
  const names = Object.keys(THINGS);
  const texts = Array.from(
    { length: ITEMS },
    (_, i) => `The ${names[(from + i) % names.length]} that I saw on walk ${from + i}`,
  );
  const task = await api.call('createTask', {
    body: {
      description,
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
  return { wrong: corrections.length, recalled: done.recalled_count };
}

test(
  'recalls confirmed items, promotes a better version after a hundred outcomes, and can roll it back',
  async () => {
    const { api } = await newBuyer();
    const admin = await seeded('admin');
    const first = await judgedTask(api, 0);
    expect(first.wrong).toBeGreaterThan(5);
    expect(first.recalled).toBeUndefined();
    let last = first;
    for (let task = 1; task < TASKS; task++) last = await judgedTask(api, task * ITEMS);
    expect(last.recalled).toBeGreaterThan(0);
    expect(last.wrong).toBeLessThan(first.wrong * 0.5);

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

    // The new version answers better by itself: of a question in other words nothing is recalled.
    const later = await judgedTask(api, 1000, 'Alpha or beta?');
    expect(later.recalled).toBeUndefined();
    expect(later.wrong).toBeLessThan(first.wrong * 0.5);

    // The version before answers the same task unseen, and the verdict counts for the new one.
    const { trials } = await eventually(
      () => admin.call('getModelStatus', {}),
      (seen) => seen.trials.some(({ purpose, tasks }) => purpose === 'watch' && tasks > 0),
      2 * MINUTES,
    );
    expect(trials).toMatchObject([
      { purpose: 'canary', candidate: '2', baseline: '1', ended_at: expect.any(String) as string },
      { purpose: 'watch', candidate: '2', baseline: '1' },
    ]);
    const watch = trials[1]!;
    expect(watch.wins + watch.losses + watch.ties).toBe(ITEMS);
    expect(watch.wins).toBeGreaterThan(watch.losses);

    const back = await admin.call('promoteVersion', { params: { version: '1' }, body: {} });
    expect(back).toMatchObject({ version: '1', previous: '2' });
    expect((await admin.call('getModelStatus', {})).production?.version).toBe('1');
  },
  20 * MINUTES,
);
