// @vitest-environment jsdom
import { cleanup, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { leavePage, open, page, PATIENCE, problem, serve } from '../testing/app.tsx';
import { AGENT, agentOf, itemsOf, WORK_ID, workOf } from '../testing/work.ts';

vi.setConfig({ testTimeout: 60_000 }); // whole pages in jsdom on a busy machine
beforeEach(() => localStorage.clear());
afterEach(leavePage);

const typist = () => userEvent.setup({ delay: null, pointerEventsCheck: 0 });
const listOf = (status: string) => `GET /tasks/list?status=${status}&role=agent&limit=100`;
const usual = (task = workOf()) => ({
  'GET /wallet': { balance_satoshis: 1, held_satoshis: 0, earned_satoshis: 0, payment_provider: 'sandbox' },
  'GET /agents/me': agentOf(),
  [listOf('created')]: page(),
  [listOf('assigned')]: page(task),
  [listOf('executing')]: page(),
  [`GET /tasks/${WORK_ID}`]: task,
  [`GET /tasks/${WORK_ID}/items`]: page(...itemsOf('You won', 'Minutes', 'Cheap watches')),
});
const SUBMIT = `POST /tasks/${WORK_ID}/submit-result`;
const stateOf = (outcome: string, answered_count: number) => ({
  ...{ task_id: WORK_ID, outcome, answered_count, item_count: 3, result: null },
});
const submissions = (asked: { call: string; body: unknown }[]) =>
  asked.filter(({ call }) => call === SUBMIT).map(({ body }) => body);

it('lists the queue by urgency, with the pay and remaining time of each task', async () => {
  const urgent = workOf({
    id: '018f0000-0000-7000-8000-0000000000bb',
    description: 'Urgent',
    status: 'executing',
    deadline_at: new Date(Date.now() + 5 * 60_000 + 5_000).toISOString(),
  });
  serve({ ...usual(), [listOf('executing')]: page(urgent) });
  await open('/tasks', AGENT);
  const queue = within(await screen.findByRole('list', { name: 'My queue' }, PATIENCE));
  expect(queue.getAllByRole('listitem').map((item) => item.textContent)).toEqual([
    expect.stringMatching(/^Urgent140,000 sat.*you have started5 min left$/),
    expect.stringMatching(/^Is this mail spam\?140,000 sat.*2 h 59 min left$/),
  ]);
});

it('pauses, and shows that on an empty queue', async () => {
  const asked = serve({
    ...usual(),
    [listOf('assigned')]: page(),
    'PATCH /agents/me': agentOf({ paused: true }),
  });
  await open('/tasks', AGENT);
  const available = await screen.findByRole('switch', { name: 'Available for work' }, PATIENCE);
  await typist().click(available);
  await screen.findByText(/You are paused/, {}, PATIENCE);
  expect(asked.find(({ call }) => call === 'PATCH /agents/me')?.body).toEqual({ paused: true });
});

it('answers by keyboard alone, sends a part, and delivers the rest', async () => {
  let state = stateOf('open', 2);
  const asked = serve({ ...usual(), [SUBMIT]: () => state });
  const router = await open(`/tasks/${WORK_ID}`, AGENT);
  const user = typist();
  await screen.findByText('Item 1 of 3', {}, PATIENCE);
  await user.keyboard('2');
  await screen.findByText('Item 2 of 3');
  await user.keyboard('1');
  await screen.findByText('Item 3 of 3');
  await user.keyboard('s');
  await waitFor(() => expect(submissions(asked)).toHaveLength(1), PATIENCE);
  expect(submissions(asked)[0]).toEqual({
    items: [
      { id: 'item:1', prediction: 'spam' },
      { id: 'item:2', prediction: 'ham' },
    ],
    success: true,
  });
  await waitFor(
    () => expect(screen.getByRole('button', { name: 'Send 0 answers' })).toHaveProperty('disabled', true),
    PATIENCE,
  );
  state = stateOf('delivered', 3);
  await user.keyboard('2u');
  await user.click(screen.getByRole('button', { name: 'Deliver' }));
  await waitFor(() => expect(submissions(asked)).toHaveLength(2), PATIENCE);
  expect(submissions(asked)[1]).toEqual({
    items: [{ id: 'item:3', prediction: 'spam', confidence: 0.5 }],
    success: true,
  });
  await waitFor(() => expect(router.state.location.pathname).toBe('/tasks'), PATIENCE);
});

it('does not handle keys typed into an answer as shortcuts', async () => {
  const asked = serve(usual(workOf({ kind: 'generation', labels: undefined })));
  await open(`/tasks/${WORK_ID}`, AGENT);
  const user = typist();
  const field = await screen.findByRole('textbox', { name: 'Answer of item 1' }, PATIENCE);
  await user.type(field, 'just sums');
  expect(screen.getByText('Item 1 of 3')).toBeTruthy();
  expect(submissions(asked)).toEqual([]);
  await user.keyboard('{Control>}{Enter}{/Control}');
  await screen.findByText('Item 2 of 3');
});

it('keeps the answers over a reload', async () => {
  serve(usual());
  await open(`/tasks/${WORK_ID}`, AGENT);
  await screen.findByText('Item 1 of 3', {}, PATIENCE);
  await typist().keyboard('2');
  cleanup();
  await open(`/tasks/${WORK_ID}`, AGENT);
  await screen.findByText('Item 1 of 3', {}, PATIENCE);
  expect(screen.getByRole('button', { name: 'spam' }).getAttribute('aria-pressed')).toBe('true');
});

it('resends everything under a new key if the page was closed before the response', async () => {
  let lose = true;
  const asked = serve({
    ...usual(),
    [SUBMIT]: () => {
      if (lose) throw new TypeError('the connection broke');
      return stateOf('delivered', 3);
    },
  });
  await open(`/tasks/${WORK_ID}`, AGENT);
  await screen.findByText('Item 1 of 3', {}, PATIENCE);
  const user = typist();
  await user.keyboard('2s');
  await waitFor(() => expect(submissions(asked)).not.toEqual([]), PATIENCE);
  cleanup(); // the page goes before its request is repeated
  lose = false;
  const router = await open(`/tasks/${WORK_ID}`, AGENT);
  await screen.findByText('Item 1 of 3', {}, PATIENCE);
  await user.keyboard('n12');
  await user.click(screen.getByRole('button', { name: 'Deliver' }));
  await waitFor(() => expect(router.state.location.pathname).toBe('/tasks'), PATIENCE);
  // The request of the page that went may be repeated at any time here, since both pages share a process.
  const [first, ...later] = asked.filter(({ call }) => call === SUBMIT);
  const again = later.find(({ key }) => key !== first?.key);
  expect(again?.body).toMatchObject({
    items: [{ id: 'item:1' }, { id: 'item:2' }, { id: 'item:3' }],
  });
});

it('shows why answers are rejected, at the first of them', async () => {
  const refusal = {
    ...problem(422, 'validation_failed', 'Not the documented form', '1 of 2 answers cannot be taken.'),
    errors: [{ path: 'items.1.prediction', message: 'not one of the labels' }],
  };
  serve({ ...usual(), [SUBMIT]: refusal });
  await open(`/tasks/${WORK_ID}`, AGENT);
  await screen.findByText('Item 1 of 3', {}, PATIENCE);
  const user = typist();
  await user.keyboard('22s');
  await screen.findByText('1 of 2 answers cannot be taken.', {}, PATIENCE);
  expect(screen.getByText('Item 2 of 3')).toBeTruthy();
  expect(screen.getAllByText('not one of the labels').length).toBeGreaterThan(0);
});

it('gives up a task only after a confirmation', async () => {
  const asked = serve({ ...usual(), [SUBMIT]: stateOf('given_up', 0) });
  const router = await open(`/tasks/${WORK_ID}`, AGENT);
  const user = typist();
  await user.click(await screen.findByRole('button', { name: 'Give up' }, PATIENCE));
  const dialog = within(await screen.findByRole('dialog', { name: 'Give this task up?' }, PATIENCE));
  expect(submissions(asked)).toEqual([]);
  await user.click(dialog.getByRole('button', { name: 'Give it up' }));
  await waitFor(() => expect(router.state.location.pathname).toBe('/tasks'), PATIENCE);
  expect(submissions(asked)).toEqual([{ items: [], success: false }]);
});

it('takes the lease if the agent starts', async () => {
  const asked = serve({ ...usual(), [`POST /tasks/${WORK_ID}/start`]: workOf({ status: 'executing' }) });
  await open(`/tasks/${WORK_ID}`, AGENT);
  await typist().click(await screen.findByRole('button', { name: 'Start' }, PATIENCE));
  await waitFor(() => expect(asked.some(({ call }) => call.endsWith('/start'))).toBe(true), PATIENCE);
});

it('explains a task that is no longer assigned to the agent', async () => {
  serve({ 'GET /wallet': usual()['GET /wallet'] });
  await open(`/tasks/${WORK_ID}`, AGENT);
  await screen.findByRole('heading', { name: 'You do not have this task' }, PATIENCE);
  expect(screen.getByRole('link', { name: 'My history' }).getAttribute('href')).toBe('/agent');
});

it('shows reputation with its reasons, earnings, and all assignments', async () => {
  const summary = {
    ...{ posted: 0, completed: 2, failed: 0, cancelled: 0, by_duke_mm: 0, judged: 2 },
    ...{ released_satoshis: 250_910, refunded_satoshis: 0, success_rate: 0.975, takeover: 0, days: [] },
  };
  const asked = serve({
    ...usual(),
    'GET /agents/me': agentOf({ missed_in_a_row: 1 }),
    'GET /analytics/summary?days=30': summary,
    'GET /agents/me/assignments': page({
      task_id: WORK_ID,
      outcome: 'missed',
      price_satoshis: 140_000,
      assigned_at: '2026-11-29T12:00:00.000Z',
      deadline_at: '2026-11-30T12:00:00.000Z',
      ended_at: '2026-11-30T12:00:30.000Z',
    }),
    'PATCH /agents/me': agentOf({ capacity: 5 }),
  });
  await open('/agent', AGENT);
  await screen.findByRole('heading', { name: 'Reputation 1.4' }, PATIENCE);
  await screen.findByText('250,910 sat', {}, PATIENCE);
  expect(screen.getByText(/^1 task: each counts as a failure/)).toBeTruthy();
  await screen.findByText('Deadline missed', {}, PATIENCE);
  const user = typist();
  const capacity = screen.getByRole('textbox', { name: 'Tasks at a time' });
  await user.clear(capacity);
  await user.type(capacity, '21');
  await user.click(screen.getByRole('button', { name: 'Save' }));
  expect(screen.getByText('Between 1 and 20 tasks')).toBeTruthy();
  await user.clear(capacity);
  await user.type(capacity, '5');
  await user.click(screen.getByRole('button', { name: 'Save' }));
  await waitFor(() => {
    const change = asked.find(({ call }) => call === 'PATCH /agents/me');
    expect(change?.body).toMatchObject({ capacity: 5, kinds: agentOf().kinds });
  }, PATIENCE);
});
