import { beforeEach, describe, expect, test } from 'vitest';
import { UserChange } from '../../../contracts/api/admin.ts';
import type { User } from '../../../contracts/entities/user.ts';
import { countTasks } from '../../../lambdas/admin/count-tasks.ts';
import { readOpenTasks } from '../../../lambdas/admin/count-open-tasks.ts';
import { listAgentRanks } from '../../../lambdas/admin/agent-ranks.ts';
import { listAuditLog } from '../../../lambdas/admin/read-audit-log.ts';
import { accountSummary, systemMetrics } from '../../../lambdas/admin/read-figures.ts';
import { listUsers, updateUser } from '../../../lambdas/admin/users.ts';
import { createTask } from '../../../lambdas/tasks/create-task.ts';
import { giveFeedback } from '../../../lambdas/tasks/feedback.ts';
import { paymentProvider } from '../../../lambdas/wallet/payment-provider.ts';
import { newId } from '../../../lambdas/shared/ids.ts';
import { creditWallet } from '../../../lambdas/wallet/wallet.ts';
import { updateProfile } from '../../../lambdas/agents/profile.ts';
import { registerAgent } from '../support/agents.ts';
import { buyer, fund, marketplace, taskBody } from '../support/marketplace.ts';
import type { Marketplace } from '../support/marketplace.ts';
import { delivered } from '../support/task-flow.ts';

let market: Marketplace;
const admin = { ...buyer(), role: 'admin' as const };
beforeEach(async () => {
  market = await marketplace();
});

async function user(overrides: Partial<User> = {}): Promise<User> {
  market.passTime(1000);
  const at = market.clock().toISOString();
  const id = newId();
  const made: User = {
    ...{ id, email: `${id}@example.com`, user_type: 'buyer', full_name: null },
    ...{ created_at: at, updated_at: at, is_active: true, ...overrides },
  };
  expect(await market.users.create(made, { id: newId(), fingerprint: '' })).toBe('created');
  return made;
}
const change = (id: string, settings: UserChange, by = admin.userId) =>
  updateUser(market, by, id, settings, newId());
const log = (filter: object = {}) => listAuditLog(market, { limit: 20, ...filter });

describe('accounts', () => {
  test('are listed newest first over all roles, and found by a part of address or name, or by id', async () => {
    const ada = await user({ full_name: 'Ada Lovelace', email: 'ada@example.com' });
    const tess = await user({ user_type: 'agent', agent_name: 'tabular-tess' });
    const root = await user({ user_type: 'admin' });
    const ids = async (query: object) =>
      (await listUsers(market, { limit: 20, ...query })).items.map(({ id }) => id);
    expect(await ids({})).toEqual([root.id, tess.id, ada.id]);
    expect(await ids({ q: 'LOVE' })).toEqual([ada.id]);
    expect(await ids({ q: 'ular-t' })).toEqual([tess.id]);
    expect(await ids({ q: root.id })).toEqual([root.id]);
    expect(await ids({ q: 'nobody' })).toEqual([]);
    expect(await ids({ role: 'agent' })).toEqual([tess.id]);
    const first = await listUsers(market, { limit: 2 });
    expect(first.next_cursor).not.toBeNull();
    expect(await ids({ limit: 2, cursor: first.next_cursor })).toEqual([ada.id]);
    expect(JSON.stringify(first)).not.toMatch(/sessions_valid_from|kept_session/);
  });

  test('can be disabled and given another role, and each change is in the audit log', async () => {
    const { id } = await user();
    expect(await change(id, { is_active: false })).toMatchObject({ is_active: false, user_type: 'buyer' });
    expect(await market.users.get(id)).toMatchObject({ is_active: false });
    await change(id, { user_type: 'admin', is_active: true });
    expect(await market.users.admins()).toEqual([id]);
    expect((await listUsers(market, { limit: 5, role: 'buyer' })).items).toEqual([]);
    const { items } = await log({ subject: id });
    expect(items.map(({ actor_id, action }) => [actor_id, action])).toEqual([
      [admin.userId, 'user.updated'],
      [admin.userId, 'user.updated'],
    ]);
    expect(items.map(({ details }) => details)).toContainEqual({
      ...{ is_active: true, user_type: 'admin', previous_type: 'buyer' },
    });
  });

  test('cannot be changed if they are the caller’s own, unknown, or agents without a name', async () => {
    const { id } = await user();
    await expect(change(id, { is_active: false }, id)).rejects.toMatchObject({ code: 'wrong_state' });
    await expect(change(newId(), { is_active: false })).rejects.toMatchObject({ code: 'not_found' });
    await expect(change(id, { user_type: 'agent' })).rejects.toMatchObject({ code: 'wrong_state' });
    expect(UserChange.safeParse({}).success).toBe(false);
    expect((await log()).items).toEqual([]);
  });
});

test('audits a credit once, with its amount and reason', async () => {
  const { id } = await user();
  const deps = { ...market, provider: paymentProvider('manual') };
  const request = newId();
  for (let i = 0; i < 2; i++)
    await creditWallet(deps, admin, { user_id: id, amount_satoshis: 7, reason: 'Invoice 1' }, request);
  const { items } = await log({ action: 'wallet.credited' });
  expect(items).toMatchObject([
    { actor_id: admin.userId, subject: id, details: { amount_satoshis: 7, reason: 'Invoice 1' } },
  ]);
});

test('counts each task once, however often its events are delivered', async () => {
  const caller = buyer();
  await fund(market, caller, 10_000_000);
  const first = await delivered(market, caller);
  const accepted = first.taskId;
  await giveFeedback(market, caller.userId, first.resultId, { verdict: 'accept', corrections: [] });
  const second = await delivered(market, caller);
  const split = second.taskId;
  const corrections = [{ item_id: 'item:1', expected: 'spam' }];
  await giveFeedback(market, caller.userId, second.resultId, { verdict: 'reject', corrections });
  const { id: open } = await createTask(market, caller, taskBody(), newId());
  const assigned = { status: 'assigned', settlement: 'held' } as const;
  const completed = { status: 'completed', settlement: 'held' } as const;
  const judged = { status: 'completed', settlement: 'released' } as const;
  const changes = [accepted, split].flatMap((task_id) =>
    [assigned, completed, judged].map((change) => ({ task_id, ...change })),
  );
  changes.push({ task_id: open, ...assigned });
  const deps = { ...market, table: market.table };
  await countTasks(deps, changes);
  await Promise.all([
    countTasks(deps, [...changes, { task_id: accepted, ...completed }]),
    countTasks(
      deps,
      [split, newId()].map((task_id) => ({ task_id, ...judged })),
    ),
  ]);
  const price = (await market.tasks.get(split))!.price_satoshis;
  const expected = {
    ...{ posted: 3, completed: 2, by_duke_mm: 2, judged: 2, failed: 0, cancelled: 0 },
    ...{ released_satoshis: price + price / 2, refunded_satoshis: price / 2 },
    ...{ success_rate: 0.75, takeover: 1 },
  };
  expect(await accountSummary(market, caller.userId, 30)).toMatchObject(expected);
  const now = {
    openTasks: () => readOpenTasks(market.table),
    queueDepths: async () => [{ name: 'Tasks/Created', waiting: 1, in_flight: 0, given_up: 0 }],
  };
  const metrics = await systemMetrics({ ...market, ...now }, '24h');
  expect(metrics).toMatchObject({ open: { held_satoshis: 0 }, queues: [{ waiting: 1 }] });
  expect(metrics).toMatchObject({ window: '24h', ...expected, tasks_per_hour: 3 / 24 });
  expect(metrics.latency.p50_seconds).toBeLessThanOrEqual(1);
  const ranks = await listAgentRanks(market, { limit: 20 });
  expect(ranks.duke_mm).toMatchObject({
    ...{ agent_name: 'duke-mm', completed: 2, judged: 2, success_rate: 0.75 },
    earned_satoshis: price + price / 2,
  });
  market.passTime(40 * 86_400_000);
  expect(await accountSummary(market, caller.userId, 30)).toMatchObject({ posted: 0, success_rate: null });
  expect(await systemMetrics({ ...market, ...now }, '24h')).toMatchObject({
    posted: 0,
    latency: { p50_seconds: null },
  });
});

test('paused agents are marked in the leaderboard, and absent from the list for buyers and from the selection', async () => {
  const pia = await registerAgent(market, 'pia', { paused: true });
  const ann = await registerAgent(market, 'ann');
  const ranks = await listAgentRanks(market, { limit: 20 });
  expect(ranks.items.map(({ agent_name, paused }) => [agent_name, paused]).sort()).toEqual([
    ['ann', false],
    ['pia', true],
  ]);
  expect(ranks.duke_mm.paused).toBe(false);
  const names = async () =>
    (await market.profiles.list(undefined, { limit: 20 })).items.map(({ agent_name }) => agent_name).sort();
  expect(await names()).toEqual(['ann']);
  expect(await market.profiles.available('classification', 20)).toMatchObject([{ agent_name: 'ann' }]);
  await updateProfile(market, pia.id, { paused: false });
  await updateProfile(market, ann.id, { paused: true });
  expect(await names()).toEqual(['pia']);
});

test('a disabled agent is in no list, and a paused agent that is enabled again in the leaderboard only', async () => {
  const pia = await registerAgent(market, 'pia', { paused: true });
  const ranked = async () => (await listAgentRanks(market, { limit: 20 })).items.length;
  await market.profiles.unlist(pia.id);
  expect(await ranked()).toBe(0);
  await market.profiles.relist(pia.id);
  expect(await ranked()).toBe(1);
  expect((await market.profiles.list(undefined, { limit: 20 })).items).toEqual([]);
});
