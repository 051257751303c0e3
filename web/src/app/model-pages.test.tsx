// @vitest-environment jsdom
import { cleanup, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, expect, it, vi } from 'vitest';
import { leavePage, open, page, PATIENCE, problem, serve } from '../testing/app.tsx';
import { metricsOf, RUN_ID, runOf, statusOf, versionOf } from '../testing/learning.ts';

vi.setConfig({ testTimeout: 60_000 }); // whole pages in jsdom on a busy machine
afterEach(leavePage);
const typist = () => userEvent.setup({ delay: null, pointerEventsCheck: 0 });

const usual = {
  'GET /wallet': { balance_satoshis: 1, held_satoshis: 0, earned_satoshis: 0, payment_provider: 'sandbox' },
  'GET /model/status': statusOf(),
  'GET /model/metrics': metricsOf(),
  'GET /model/versions': page(versionOf(), versionOf({ version: '1', state: 'retired', parent: null })),
};

it('shows a buyer the production version and its figures, without actions of admins', async () => {
  const asked = serve({ ...usual, 'GET /model/status': statusOf({ run: runOf(), queued: true }) });
  await open('/model', 'buyer');
  await screen.findByRole('heading', { name: 'Version 2 serves' }, PATIENCE);
  await screen.findByText('91.8 %', {}, PATIENCE);
  expect(screen.getByText('93.4 %')).toBeTruthy();
  expect(screen.getByRole('progressbar', { name: '42 of 100 new outcomes' })).toBeTruthy();
  expect(screen.getByRole('heading', { name: 'Version 3 is in training' })).toBeTruthy();
  expect(screen.getByText('epoch 3')).toBeTruthy();
  expect(screen.queryByRole('button', { name: 'Train now' })).toBeNull();
  expect(screen.queryByRole('link', { name: 'Runs' })).toBeNull();
  expect(screen.queryByRole('link', { name: 'Open the run' })).toBeNull();
  expect(asked.filter(({ call }) => call.includes('/model/runs'))).toEqual([]);
});

it('offers the data of a chart as text and as a table', async () => {
  serve(usual);
  await open('/model', 'buyer');
  const chart = await screen.findByRole('img', { name: /^Takeover, Day 9 Nov to 11 Nov\./ }, PATIENCE);
  expect(chart.getAttribute('aria-label')).toContain('Done by Duke MM: last 90.0 %.');
  expect(chart.querySelectorAll('.recharts-line-curve')).toHaveLength(1);
  expect(within(chart).getByText('9 Nov')).toBeTruthy();
  await typist().click(screen.getByRole('button', { name: 'Success rate: show the numbers' }));
  const rows = within(screen.getByRole('table', { name: 'Success rate' })).getAllByRole('row');
  expect(rows.map((row) => row.textContent)).toEqual([
    'DayDuke MMAll work',
    '9 Nov–90.0 %',
    '10 Nov95.0 %90.0 %',
    '11 Nov95.0 %90.0 %',
  ]);
});

it('compares two versions on live work, and shows why one was rolled back', async () => {
  const trial = {
    purpose: 'watch',
    comparison: 'worse',
    ...{ candidate: '2', baseline: '1', wins: 3, losses: 19, ties: 178, tasks: 20, max_items: 2000 },
    ...{ difference: -0.08, lower: -0.13, upper: -0.03 },
    ...{ started_at: '2026-11-20T08:00:00.000Z', ends_at: '2026-11-27T08:00:00.000Z' },
    ended_at: '2026-11-20T09:00:00.000Z',
  } as const;
  const rolledBack = versionOf({ state: 'retired', rollback_reason: 'Only version 1 was right.' });
  serve({
    ...usual,
    'GET /model/status': statusOf({ trials: [trial, { ...trial, purpose: 'canary' }] }),
    'GET /model/versions': page(rolledBack),
  });
  await open('/model', 'buyer');
  const title = 'Version 2 compared with 1 on live work';
  const watch = within(await screen.findByRole('region', { name: `${title} after its promotion` }, PATIENCE));
  expect(screen.getByRole('region', { name: `${title} before its promotion` })).toBeTruthy();
  expect(watch.getByText('Worse')).toBeTruthy();
  expect(watch.getByText('200 items of 20 tasks')).toBeTruthy();
  expect(watch.getByText('Only version 1 right').nextSibling?.textContent).toBe('19');
  cleanup();
  await open('/model/versions', 'buyer');
  await screen.findByText('Only version 1 was right.', {}, PATIENCE);
});

it('has messages for a platform without a version and without verdicts', async () => {
  serve({
    'GET /wallet': usual['GET /wallet'],
    'GET /model/status': statusOf({ production: null }),
    'GET /model/metrics': problem(404, 'not_found', 'Not found', 'No version serves yet.'),
    'GET /model/versions': page(),
  });
  await open('/model', 'buyer');
  await screen.findByRole('heading', { name: 'No version serves yet' }, PATIENCE);
  await screen.findByText('Nothing judged yet', {}, PATIENCE);
  expect(screen.queryByRole('alert')).toBeNull();
});

it('offers a retry if the figures cannot be loaded', async () => {
  const broken = problem(403, 'forbidden', 'Your role may not do this', 'Not now.');
  let answer: object = broken;
  serve({ ...usual, 'GET /model/metrics': () => answer });
  await open('/model', 'buyer');
  const alert = await screen.findByRole('alert', {}, PATIENCE);
  answer = metricsOf();
  await typist().click(within(alert).getByRole('button', { name: 'Try again' }));
  await screen.findByText('91.8 %', {}, PATIENCE);
});

const no = { passed: false, reasons: ['2 of 5 classes are worse'], decided_at: '2026-11-20T09:00:00.000Z' };
const archived = versionOf({
  version: '3',
  state: 'archived',
  promoted_at: null,
  gate: no,
  promotable: 'with_reason',
});

it('promotes against the gate only with a reason, and shows the decision of the gate', async () => {
  const asked = serve({
    ...usual,
    'GET /model/versions': page(archived, versionOf()),
    'GET /model/metrics?version=3': metricsOf({ version: '3', compared_with: '2', gate: no, gate_rules: [] }),
    [`GET /model/runs/${RUN_ID}`]: runOf(),
    'POST /model/promote/3': { version: '3', previous: '2', revision: 4, at: no.decided_at },
  });
  await open('/model/versions/3', 'admin');
  const user = typist();
  await user.click(await screen.findByRole('button', { name: 'Promote' }, PATIENCE));
  const dialog = within(await screen.findByRole('dialog', { name: 'Promote version 3?' }, PATIENCE));
  expect(dialog.getByText('2 of 5 classes are worse.')).toBeTruthy();
  expect(dialog.getByText(/takes the place of/).textContent).toContain('version 2');
  const confirm = dialog.getByRole('button', { name: 'Override the gate and promote' });
  expect(confirm).toHaveProperty('disabled', true);
  await user.type(dialog.getByRole('textbox'), '  no  ');
  expect(confirm).toHaveProperty('disabled', true); // two letters are no reason
  await user.type(dialog.getByRole('textbox'), 'buyers ask for it');
  await user.click(confirm);
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull(), PATIENCE);
  expect(asked.find(({ call }) => call.startsWith('POST'))?.body).toEqual({
    override_reason: 'no  buyers ask for it',
  });
});

it('rolls back without a reason, keeps the dialog if that is rejected, and reloads the production version', async () => {
  const retired = versionOf({ version: '1', state: 'retired', parent: null, lineage: null });
  const conflict = problem(409, 'conflict', 'Somebody else changed this at the same moment', 'Look again.');
  const asked = serve({
    ...usual,
    'GET /model/versions': page(versionOf(), retired),
    'GET /model/metrics?version=1': metricsOf({ version: '1', candidate: null, production: null }),
    'POST /model/promote/1': conflict,
  });
  await open('/model/versions/1', 'admin');
  const user = typist();
  await user.click(await screen.findByRole('button', { name: 'Roll back to it' }, PATIENCE));
  const dialog = within(await screen.findByRole('dialog', { name: 'Roll back to version 1?' }, PATIENCE));
  expect(dialog.queryByRole('textbox')).toBeNull();
  const looks = () => asked.filter(({ call }) => call === 'GET /model/status').length;
  const before = looks();
  await user.click(dialog.getByRole('button', { name: 'Roll back' }));
  expect((await dialog.findByRole('alert', {}, PATIENCE)).textContent).toContain('Look again.');
  expect(asked.find(({ call }) => call.startsWith('POST'))?.body).toEqual({});
  await waitFor(() => expect(looks()).toBeGreaterThan(before), PATIENCE);
});

it('offers promotion to admins only, and not of production or failed versions', async () => {
  const failed = versionOf({
    ...{ version: '3', state: 'failed', kinds: [], lineage: null, metrics: null, gate: null },
    promotable: 'no',
    failure_reason: 'Train: out of memory',
  });
  const answers = { ...usual, 'GET /model/versions': page(failed, versionOf(), archived) };
  serve(answers);
  await open('/model/versions/3', 'admin');
  await screen.findByText('Train: out of memory', {}, PATIENCE);
  expect(screen.queryByRole('button', { name: /Promote|Roll back/ })).toBeNull();
  cleanup();
  serve({ ...answers, 'GET /model/metrics?version=2': metricsOf() });
  await open('/model/versions/2', 'admin');
  await screen.findByRole('heading', { name: 'Version 2 beside Version 1' }, PATIENCE);
  expect(screen.queryByRole('button', { name: /Promote|Roll back/ })).toBeNull();
  cleanup();
  serve({ ...answers, 'GET /model/versions': page(archived) });
  await open('/model/versions/3', 'buyer');
  await screen.findByText('Gate');
  expect(screen.queryByRole('button', { name: /Promote|Roll back/ })).toBeNull();
});

it('shows champion beside challenger, with the confusion matrix of each', async () => {
  serve({ ...usual, 'GET /model/metrics?version=2': metricsOf() });
  await open('/model/versions/2', 'buyer');
  await screen.findByRole('heading', { name: 'Version 2 beside Version 1' }, PATIENCE);
  const rows = screen.getAllByRole('row', { name: /^Accuracy / });
  expect(rows[0]?.textContent).toBe('Accuracy81.4 %91.8 %+10.3 pointsbetter');
  const user = typist();
  await user.click(screen.getByRole('combobox', { name: 'Family' }));
  await user.click(screen.getByRole('option', { name: /^Classification: / }));
  const cell = () => screen.getByTitle(/“rose” answered as “tulip”/);
  expect(cell().textContent).toBe('3');
  expect(cell().title).toBe('3 of 29 “rose” answered as “tulip”: 10.3 %');
  await user.click(screen.getByRole('radio', { name: 'Version 1' }));
  expect(cell().textContent).not.toBe('3');
});

it('finds an older version on a later page of the list', async () => {
  const first = { items: [versionOf()], next_cursor: 'older' };
  const old = page(versionOf({ version: '1', state: 'retired', parent: null, lineage: null }));
  serve({
    ...usual,
    'GET /model/versions': first,
    'GET /model/versions?limit=100&cursor=older': old,
    'GET /model/metrics?version=1': metricsOf({ version: '1', candidate: null, production: null }),
  });
  await open('/model/versions/1', 'buyer');
  await screen.findByText('none: it is the first of its line', {}, PATIENCE);
  cleanup();
  await open('/model/versions/77', 'buyer');
  await screen.findByRole('heading', { name: 'There is nothing here' }, PATIENCE);
});

it('requests a run, shows that it waits for another, and opens it when it starts', async () => {
  let answer: object = { queued: true };
  const asked = serve({
    ...usual,
    'GET /model/status': statusOf({ run: runOf() }),
    'GET /model/runs': page(runOf()),
    [`GET /model/runs/${RUN_ID}`]: runOf(),
    'POST /model/train': () => answer,
  });
  const router = await open('/model/runs', 'admin');
  const user = typist();
  const ask = async (reason: string) => {
    await user.click(screen.getByRole('button', { name: 'Train now' }));
    if (reason) await user.type(screen.getByRole('textbox'), reason);
    await user.click(await screen.findByRole('button', { name: 'Queue a run' }, PATIENCE));
  };
  await screen.findByText('Version 3 · Enough new outcomes', {}, PATIENCE);
  await ask('');
  await screen.findByText(/Yours starts when it ends/, {}, PATIENCE);
  expect(router.state.location.pathname).toBe('/model/runs');
  answer = { run: runOf(), queued: false };
  await ask('new labels');
  await waitFor(() => expect(router.state.location.pathname).toBe(`/model/runs/${RUN_ID}`), PATIENCE);
  const bodies = asked.filter(({ call }) => call.startsWith('POST')).map(({ body }) => body);
  expect(bodies).toEqual([{}, { reason: 'new labels' }]);
});

it('shows where and why a run failed, and hides runs from other roles', async () => {
  const failure = { step: 'Train', error: 'JobFailed', cause: 'out of memory' };
  const finished_at = '2026-11-20T08:12:30.000Z';
  serve({ ...usual, [`GET /model/runs/${RUN_ID}`]: runOf({ status: 'failed', failure, finished_at }) });
  await open(`/model/runs/${RUN_ID}`, 'admin');
  const alert = await screen.findByRole('alert', {}, PATIENCE);
  expect(alert.textContent).toBe('Failed at Train: JobFailedout of memory');
  expect(screen.getByText(/after 12 min 30 s/)).toBeTruthy();
  expect(screen.getByRole('img', { name: /^Loss, Epoch 1 to 3\./ })).toBeTruthy();
  cleanup();
  serve(usual);
  await open('/model/runs', 'buyer');
  expect(screen.getByRole('heading', { name: 'There is nothing here' })).toBeTruthy();
});

it('lists unusable inputs of a run, with the reason and the version whose state is kept', async () => {
  const family = 'fam_5f2a8c01d4b97e3366aa10cd';
  const gone = 'of 40 outcomes 40 cannot be read any more, and the others are too few';
  const train = {
    outcomes: 41,
    of_outcomes: 900,
    families: 1,
    of_families: 12,
    entries: [
      { what: 'family' as const, family, count: 40, reason: gone, kept: '2' },
      { what: 'outcomes' as const, family: null, count: 41, reason: 'the line is no JSON' },
    ],
  };
  const evaluate = {
    outcomes: 0,
    of_outcomes: 900,
    families: 1,
    of_families: 12,
    entries: [
      { what: 'held_back' as const, family, count: 60, reason: 'its items are answered worse', kept: '2' },
    ],
  };
  serve({ ...usual, [`GET /model/runs/${RUN_ID}`]: runOf({ unusable: { train, evaluate } }) });
  await open(`/model/runs/${RUN_ID}`, 'admin');
  await screen.findByRole('heading', { name: 'Left out of this run' }, PATIENCE);
  const table = screen.getByRole('table', { name: 'Training' });
  expect(
    within(table).getByText(
      /^Training: 41 of 900 outcomes and 1 of 12 families were left out or held back\./,
    ),
  ).toBeTruthy();
  const rows = within(table).getAllByRole('row');
  expect(rows.slice(1).map((row) => row.textContent)).toEqual([
    `${family}the family, 40 outcomesOf 40 outcomes 40 cannot be read any more, and the others are too few. It answers as in version 2.`,
    'not named41 outcomesThe line is no JSON.',
  ]);
  const held = within(screen.getByRole('table', { name: 'Evaluation' })).getAllByRole('row');
  expect(held.slice(1).map((row) => row.textContent)).toEqual([
    `${family}held back, 60 outcomesIts items are answered worse. It answers as in version 2.`,
  ]);
});
