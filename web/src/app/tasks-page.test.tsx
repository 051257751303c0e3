// @vitest-environment jsdom
import { cleanup, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, expect, it, vi } from 'vitest';
import type { TaskView } from '../../../contracts/api/tasks.ts';
import { leavePage, open, page, PATIENCE, problem, serve } from '../testing/app.tsx';
import { workOf } from '../testing/work.ts';

vi.setConfig({ testTimeout: 60_000 }); // whole pages in jsdom on a busy machine
afterEach(leavePage);

const typist = () => userEvent.setup({ delay: null, pointerEventsCheck: 0 });
const taskOf = (place: number, changes: Partial<TaskView>): TaskView =>
  workOf({ id: `018f0000-0000-7000-8000-00000000000${place}`, assigned_agent: 'duke-mm', ...changes });
const result = (place: number) => `018f0000-0000-7000-8000-0000000000a${place}`;
const tasks = [
  taskOf(1, { description: 'Mails of March', status: 'completed', settlement: 'held', result_id: result(1) }),
  taskOf(2, { description: 'Mails of April', status: 'completed', settlement: 'held', result_id: result(2) }),
  taskOf(3, { description: 'Prices of March', status: 'executing', settlement: 'held' }),
  taskOf(4, { description: 'Prices of May', status: 'completed', settlement: 'split', result_id: result(4) }),
];
const usual = {
  'GET /wallet': { balance_satoshis: 1, held_satoshis: 0, earned_satoshis: 0, payment_provider: 'sandbox' },
  'GET /tasks/list': page(...tasks),
};
const shown = () =>
  within(screen.getByRole('main'))
    .getAllByRole('listitem')
    .map((item) => /^[A-Z][a-z]+ of [A-Z][a-z]+/.exec(item.textContent ?? '')?.[0]);
const feedback = (place: number) => `POST /results/${result(place)}/feedback`;

it('counts, filters and searches, and keeps both in the address', async () => {
  serve(usual);
  const router = await open('/tasks', 'buyer');
  const user = typist();
  await user.click(await screen.findByRole('button', { name: 'To review 2' }, PATIENCE));
  await waitFor(() => expect(shown()).toEqual(['Mails of March', 'Mails of April']), PATIENCE);
  expect(screen.queryByRole('button', { name: /^Failed/ })).toBeNull(); // there is none
  await user.type(screen.getByRole('searchbox', { name: 'Search tasks' }), 'march');
  await waitFor(() => expect(shown()).toEqual(['Mails of March']), PATIENCE);
  expect(screen.getByRole('button', { name: 'Running 1' })).toBeTruthy(); // counted in what is found
  await waitFor(() => expect(router.state.location.search).toEqual({ show: 'review', q: 'march' }), PATIENCE);
  cleanup();
  await open('/tasks?show=rejected', 'buyer');
  await screen.findByText('Prices of May', {}, PATIENCE);
  expect(shown()).toEqual(['Prices of May']);
});

it('accepts all results that await a verdict, after showing the payment, each once', async () => {
  const asked = serve({
    ...usual,
    [feedback(1)]: {},
    [feedback(2)]: problem(409, 'already_judged', 'Judged already', 'It has a verdict.'),
  });
  await open('/tasks?show=review', 'buyer');
  const user = typist();
  await user.click(await screen.findByRole('button', { name: 'Accept all 2' }, PATIENCE));
  const dialog = within(await screen.findByRole('dialog', { name: 'Accept 2 results?' }, PATIENCE));
  expect(dialog.getByText('280,000 sat')).toBeTruthy();
  expect(asked.some(({ call }) => call.startsWith('POST'))).toBe(false);
  await user.click(dialog.getByRole('button', { name: 'Accept and pay' }));
  await screen.findByText('1 result accepted.', {}, PATIENCE);
  const sent = asked.filter(({ call }) => call.startsWith('POST'));
  expect(sent.map(({ call, body, key }) => [call, body, key])).toEqual(
    [1, 2].map((place) => [feedback(place), { verdict: 'accept' }, `accept-all:${result(place)}`]),
  );
});

it('opens the command palette with Ctrl K, and navigates to the selection', async () => {
  serve(usual);
  const router = await open('/wallet', 'buyer');
  const user = typist();
  await waitFor(async () => {
    // Again until it opens: it is loaded after the page.
    await user.keyboard('{Control>}k{/Control}');
    screen.getByRole('textbox', { name: 'Go to' });
  }, PATIENCE);
  await user.keyboard('review{Enter}');
  await waitFor(() => expect(router.state.location.pathname).toBe('/tasks'), PATIENCE);
  expect(router.state.location.search).toEqual({ show: 'review' });
});
