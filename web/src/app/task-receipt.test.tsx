// @vitest-environment jsdom
import { cleanup, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, expect, it, vi } from 'vitest';
import type { TaskView } from '../../../contracts/api/tasks.ts';
import { userOf } from '../testing/learning.ts';
import { open, page, PATIENCE, serve } from '../testing/app.tsx';
import { workOf } from '../testing/work.ts';

vi.setConfig({ testTimeout: 120_000 }); // whole pages in jsdom on a busy machine
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

const buyer = userOf('buyer');
const typist = () => userEvent.setup({ delay: null, pointerEventsCheck: 0 });
const failed = (changes: Partial<TaskView> = {}): TaskView =>
  workOf({
    ...{ buyer_id: buyer.id, assigned_agent: 'duke-mm', status: 'failed', settlement: 'refunded' },
    ...{ failure_reason: 'Nobody could.', completed_at: '2026-11-30T12:10:00.000Z' },
    ...changes,
  });
const task = failed();
const movement = (kind: string, account: string, amount_satoshis: number) => ({
  ...{ id: `${kind}-${account}`, movement_id: kind, kind, account, amount_satoshis, task_id: task.id },
  created_at: '2026-11-30T12:10:00.000Z',
});
const usual = {
  'GET /wallet': { balance_satoshis: 1, held_satoshis: 0, earned_satoshis: 0, payment_provider: 'sandbox' },
  [`GET /tasks/${task.id}`]: task,
  'GET /wallet/entries': page(
    movement('refund', 'held', -140_000),
    movement('refund', 'available', 140_000),
    movement('hold', 'held', 140_000),
    movement('hold', 'available', -140_000),
  ),
};

it('the page of a settled task shows a receipt with the amounts of the ledger', async () => {
  const asked = serve(usual);
  await open(`/tasks/${task.id}`, buyer);
  const user = typist();
  const show = await screen.findByRole('button', { name: 'Show the receipt' }, PATIENCE);
  expect(asked.map(({ call }) => call)).not.toContain('GET /wallet/entries');
  await user.click(show);
  await screen.findByText('Returned', {}, PATIENCE);
  const amountOf = (label: string) =>
    screen.getByText(label, { exact: true }).nextElementSibling?.textContent;
  expect([amountOf('Held'), amountOf('Returned')]).toEqual(['140,000 sat', '140,000 sat']);
  expect(amountOf('Paid')).toContain('0 sat');
  expect(screen.getByRole('button', { name: 'Download the receipt' })).toBeTruthy();
});

it('asking again opens the form with the question and settings of the task', async () => {
  serve(usual);
  const router = await open(`/tasks/${task.id}`, buyer);
  await typist().click(await screen.findByRole('button', { name: 'Ask again' }, PATIENCE));
  await vi.waitFor(() => expect(router.state.location.pathname).toBe('/tasks/new'), PATIENCE);
  const question = await screen.findByLabelText('What should be done?', {}, PATIENCE);
  expect((question as HTMLTextAreaElement).value).toBe('Is this mail spam?');
});

it('a task that holds its price has no receipt yet, and cannot be asked again', async () => {
  const agent = { assigned_agent: 'duke-mm', assigned_agent_id: 'duke-mm' };
  serve({ ...usual, [`GET /tasks/${task.id}`]: workOf({ buyer_id: buyer.id, ...agent }) });
  await open(`/tasks/${task.id}`, buyer);
  await screen.findByText('Agent', {}, PATIENCE);
  expect(screen.queryByRole('button', { name: 'Show the receipt' })).toBeNull();
  expect(screen.queryByRole('button', { name: 'Ask again' })).toBeNull();
});
