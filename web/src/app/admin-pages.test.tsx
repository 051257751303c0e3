// @vitest-environment jsdom
import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, expect, it, vi } from 'vitest';
import { AdminUser, AgentRankPage, SystemMetrics } from '../../../contracts/api/admin.ts';
import { AuditEntry } from '../../../contracts/entities/audit.ts';
import { leavePage, open, page, PATIENCE, problem, serve } from '../testing/app.tsx';
import { userOf } from '../testing/learning.ts';

vi.setConfig({ testTimeout: 60_000 }); // whole pages in jsdom on a busy machine
afterEach(leavePage);

const typist = () => userEvent.setup({ delay: null, pointerEventsCheck: 0 });
const admin = userOf('admin');
const at = '2026-11-30T12:00:00.000Z';
const accountOf = (changes: Partial<AdminUser> = {}): AdminUser =>
  AdminUser.parse({
    id: '018f0000-0000-7000-8000-0000000000cc',
    email: 'bob@example.com',
    user_type: 'buyer',
    full_name: 'Bob',
    created_at: at,
    updated_at: at,
    is_active: true,
    ...changes,
  });
const wallet = {
  'GET /wallet': { balance_satoshis: 1, held_satoshis: 0, earned_satoshis: 0, payment_provider: 'sandbox' },
};
const figures = {
  ...{ posted: 11, completed: 5, failed: 1, cancelled: 0, by_duke_mm: 3, judged: 4 },
  ...{ released_satoshis: 600_910, refunded_satoshis: 50_000, success_rate: 0.9375, takeover: 0.6 },
};

it('shows the figures of the selected window', async () => {
  const metrics = SystemMetrics.parse({
    ...figures,
    window: '24h',
    tasks_per_hour: 0.46,
    latency: { p50_seconds: 1, p90_seconds: 60, p99_seconds: 3600 },
    pipeline: { promoted: 2, archived: 1, failed: 0 },
    open: { created: 0, assigned: 1, executing: 2, awaiting_verdict: 34, held_satoshis: 1_234_567 },
    queues: [{ name: 'Tasks/Created', waiting: 5, in_flight: 6, given_up: 7 }],
    hours: [{ ...figures, from: new Date().toISOString() }],
  });
  const part = { status: 'ok', detail: 'answers' };
  const asked = serve({
    ...wallet,
    'GET /admin/system-metrics?window=24h': metrics,
    'GET /admin/system-metrics?window=7d': { ...metrics, window: '7d', posted: 77 },
    'GET /health': { status: 'ok', version: 'r1', checks: { table: part, bucket: part, endpoint: part } },
  });
  await open('/admin', admin);
  await screen.findByText('600,910 sat', {}, PATIENCE);
  expect(screen.getByText('90 %: 1 min, 99 %: 1 h')).toBeTruthy();
  expect(screen.getByText('93.8 %')).toBeTruthy();
  for (const text of ['1,234,567 sat', '34']) expect(screen.getByText(text)).toBeTruthy();
  const queues = within(screen.getByRole('table', { name: 'Queues' }));
  expect(queues.getAllByRole('row').map((row) => row.textContent)[1]).toBe('Tasks/Created567');
  await typist().click(screen.getByRole('radio', { name: '7 days' }));
  await screen.findByText('77', {}, PATIENCE);
  expect(asked.filter(({ call }) => call.includes('system-metrics')).map(({ call }) => call)).toContain(
    'GET /admin/system-metrics?window=7d',
  );
});

it('finds an account, and explains the effect before disabling it', async () => {
  const bob = accountOf();
  const asked = serve({
    ...wallet,
    'GET /admin/users': page(bob, accountOf({ id: admin.id, email: admin.email, user_type: 'admin' })),
    'GET /admin/users?limit=50&q=bo': page(bob),
    [`PATCH /admin/users/${bob.id}`]: accountOf({ is_active: false }),
  });
  const router = await open('/admin/users', admin);
  const user = typist();
  await screen.findByText('this is you', {}, PATIENCE);
  await user.type(screen.getByRole('searchbox'), 'bo');
  await waitFor(() => expect(router.state.location.search).toEqual({ q: 'bo' }), PATIENCE);
  await waitFor(() => expect(screen.queryByText('this is you')).toBeNull(), PATIENCE);
  await user.click(screen.getByRole('button', { name: `Change ${bob.email}` }));
  expect(screen.queryByRole('menuitem', { name: 'Make agent' })).toBeNull(); // it has no agent name
  await user.click(await screen.findByRole('menuitem', { name: 'Disable' }, PATIENCE));
  const dialog = within(await screen.findByRole('dialog', { name: `Disable ${bob.email}?` }, PATIENCE));
  expect(asked.some(({ call }) => call.startsWith('PATCH'))).toBe(false);
  await user.click(dialog.getByRole('button', { name: 'Disable' }));
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull(), PATIENCE);
  expect(asked.find(({ call }) => call.startsWith('PATCH'))?.body).toEqual({ is_active: false });
});

it('ranks agents, with Duke MM beside them', async () => {
  const rank = (agent_id: string, agent_name: string, reputation_bp: number, paused = false) => ({
    ...{ agent_id, agent_name, reputation_bp, paused, completed: 2, judged: 2, success_rate: 1 },
    earned_satoshis: 250_910,
  });
  serve({
    ...wallet,
    'GET /admin/agents': AgentRankPage.parse({
      items: [rank('018f0000-0000-7000-8000-0000000000dd', 'agent-1', 14_000, true)],
      next_cursor: null,
      duke_mm: rank('duke-mm', 'duke-mm', 19_833),
    }),
  });
  await open('/admin/agents', admin);
  const table = within(await screen.findByRole('table', { name: 'Agents' }, PATIENCE));
  expect(table.getAllByRole('row').map((row) => row.textContent)).toEqual([
    'RankAgentReputationSuccessCompletedJudgedEarned',
    'duke-mmmodel1.98100.0 %22250,910 sat',
    '1agent-1paused1.40100.0 %22250,910 sat',
  ]);
});

it('shows the audit log as sentences with account names, and exports all of it', async () => {
  const bob = accountOf();
  const entry = AuditEntry.parse({
    id: '018f0000-0000-7000-8000-0000000000ee',
    at,
    actor_id: admin.id,
    action: 'wallet.credited',
    subject: bob.id,
    details: { amount_satoshis: 250_000, reason: 'Invoice 2026-117' },
  });
  const asked = serve({
    ...wallet,
    'GET /admin/audit-log': page(entry),
    [`GET /admin/users?q=${bob.id}&limit=1`]: page(bob),
    [`GET /admin/users?q=${admin.id}&limit=1`]: page(accountOf({ id: admin.id, email: 'me@example.com' })),
  });
  const saved = vi.fn<(blob: Blob) => string>(() => 'blob:x');
  vi.stubGlobal('URL', Object.assign(URL, { createObjectURL: saved, revokeObjectURL: vi.fn() }));
  await open('/admin/audit', admin);
  const table = within(await screen.findByRole('table', { name: 'Audit log' }, PATIENCE));
  await table.findByText('bob@example.com', {}, PATIENCE);
  await table.findByText('me@example.com', {}, PATIENCE);
  expect(table.getByText('250,000 sat, “Invoice 2026-117”')).toBeTruthy();
  await typist().click(screen.getByRole('button', { name: 'Export as CSV' }));
  await waitFor(() => expect(saved).toHaveBeenCalledTimes(1), PATIENCE);
  expect(asked.filter(({ call }) => call.startsWith('GET /admin/audit-log'))).toHaveLength(2);
});

it('continues to the next page of the audit log if the first one has no entry of the chosen action', async () => {
  serve({ ...wallet, 'GET /admin/audit-log': { items: [], next_cursor: 'later' } });
  await open('/admin/audit', admin);
  await screen.findByRole('button', { name: 'Load more' }, PATIENCE);
  expect(screen.queryByText('Nothing was done yet.')).toBeNull();
});

it.each(['/admin', '/admin/users', '/admin/agents', '/admin/audit'])(
  'hides %s from other roles',
  async (path) => {
    const asked = serve(wallet);
    await open(path, 'buyer');
    await screen.findByRole('heading', { name: 'There is nothing here' }, PATIENCE);
    expect(asked.filter(({ call }) => call.includes('/admin'))).toEqual([]);
  },
);

it('keeps the dialog open and shows why a change is rejected', async () => {
  const bob = accountOf();
  serve({
    ...wallet,
    'GET /admin/users': page(bob),
    [`PATCH /admin/users/${bob.id}`]: problem(
      409,
      'wrong_state',
      'Not in this state',
      'Not your own account.',
    ),
  });
  await open('/admin/users', admin);
  const user = typist();
  await user.click(await screen.findByRole('button', { name: `Change ${bob.email}` }, PATIENCE));
  await user.click(await screen.findByRole('menuitem', { name: 'Make administrator' }, PATIENCE));
  const dialog = within(await screen.findByRole('dialog', {}, PATIENCE));
  await user.click(dialog.getByRole('button', { name: 'Change the role' }));
  expect((await dialog.findByRole('alert', {}, PATIENCE)).textContent).toContain('Not your own account.');
});
