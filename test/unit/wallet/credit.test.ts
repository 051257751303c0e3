import { beforeEach, describe, expect, it, vi } from 'vitest';
import { walletOperations } from '../../../contracts/api/wallet.ts';
import { MAX_SATOSHIS } from '../../../contracts/entities/common.ts';
import type { User } from '../../../contracts/entities/user.ts';
import { accounts, keys } from '../../../contracts/naming.ts';
import { newId } from '../../../lambdas/shared/ids.ts';
import { logger } from '../../../lambdas/shared/logger.ts';
import { userStore } from '../../../lambdas/shared/stores/user-store.ts';
import { paymentProvider } from '../../../lambdas/wallet/payment-provider.ts';
import { creditWallet, deposit, getWallet, listEntries, withdraw } from '../../../lambdas/wallet/wallet.ts';
import { createTask } from '../../../lambdas/tasks/create-task.ts';
import { buyer, entries, marketplace, taskBody } from '../support/marketplace.ts';
import type { Marketplace, Wrap } from '../support/marketplace.ts';
import { Crash, Saboteur } from '../support/saboteur.ts';
import { code } from '../support/task-flow.ts';

const admin = { ...buyer(), role: 'admin' as const };
const AT = '2026-03-01T12:00:00.000Z';

async function stage(wrap?: Wrap) {
  const market = await marketplace(AT, wrap);
  const users = userStore(wrap ? wrap(market.table) : market.table);
  return {
    market,
    users,
    deps: { wallets: market.wallets, users, provider: paymentProvider('manual'), clock: market.clock },
  };
}
type Stage = Awaited<ReturnType<typeof stage>>;

async function registered({ users }: Stage, overrides: Partial<User> = {}): Promise<string> {
  const id = newId();
  const user: User = {
    id,
    email: `${id}@example.com`,
    user_type: 'buyer',
    full_name: null,
    created_at: AT,
    updated_at: AT,
    is_active: true,
    ...overrides,
  };
  await users.create(user, { id: newId(), fingerprint: 'f' });
  return id;
}

const credit = (user_id: string, amount_satoshis = 1_000, reason = 'paid by invoice 7') => ({
  user_id,
  amount_satoshis,
  reason,
});
const sum = (market: Marketplace) => entries(market).reduce((total, e) => total + e.amount_satoshis, 0);

let s: Stage;
let userId: string;
beforeEach(async () => {
  s = await stage();
  userId = await registered(s);
});
const balance = async (id = userId) => (await s.deps.wallets.get(id)).balance_satoshis;

describe('a credit', () => {
  it('adds money with its reason, which can be spent', async () => {
    expect(await creditWallet(s.deps, admin, credit(userId, 500_000), newId())).toEqual({
      user_id: userId,
      balance_satoshis: 500_000,
      credited_at: AT,
    });
    const page = await listEntries(s.deps, userId, { limit: 10, cursor: undefined });
    expect(page.items).toMatchObject([
      { kind: 'credit', account: 'available', amount_satoshis: 500_000, reason: 'paid by invoice 7' },
    ]);
    expect(entries(s.market)).toContainEqual(
      expect.objectContaining({ account: accounts.external('manual'), amount_satoshis: -500_000 }),
    );
    expect(sum(s.market)).toBe(0);
    const task = await createTask(s.market, { ...buyer(), userId }, taskBody(), newId());
    expect(await balance()).toBe(500_000 - task.price_satoshis);
  });

  it('is applied once per id: repeated, a hundred times concurrently, after 11 minutes, after 25 hours', async () => {
    const id = newId();
    const again = () => creditWallet(s.deps, admin, credit(userId), id);
    await Promise.all(Array.from({ length: 100 }, again));
    for (const minutes of [11, 25 * 60]) {
      s.market.passTime(minutes * 60_000);
      expect(await again()).toMatchObject({ balance_satoshis: 1_000 });
    }
    expect(entries(s.market)).toHaveLength(2);
    expect(sum(s.market)).toBe(0);
  });

  it('of another amount, user or reason is rejected under a used id, however old', async () => {
    const id = newId();
    const other = await registered(s);
    await creditWallet(s.deps, admin, credit(userId), id);
    s.market.passTime(25 * 3_600_000);
    for (const body of [credit(userId, 1_001), credit(other), credit(userId, 1_000, 'another reason')])
      await expect(creditWallet(s.deps, admin, body, id)).rejects.toEqual(code('idempotency_key_reused'));
    expect([await balance(), await balance(other)]).toEqual([1_000, 0]);
  });

  it('adds to concurrent credits', async () => {
    await Promise.all(
      Array.from({ length: 50 }, (_, i) => creditWallet(s.deps, admin, credit(userId, i + 1), newId())),
    );
    expect(await balance()).toBe((50 * 51) / 2);
    expect(sum(s.market)).toBe(0);
  });

  it.each(['before', 'after'] as const)(
    'loses and duplicates nothing after a crash %s any call',
    async (when) => {
      const run = async (at: number) => {
        const saboteur = new Saboteur();
        s = await stage(saboteur.wrap);
        userId = await registered(s);
        const id = newId();
        saboteur.arm(at, when);
        const first = await creditWallet(s.deps, admin, credit(userId), id).catch((error: unknown) => error);
        saboteur.disarm();
        if (at > 0) expect(first).toBeInstanceOf(Crash);
        expect(sum(s.market)).toBe(0);
        expect(await creditWallet(s.deps, admin, credit(userId), id)).toMatchObject({
          balance_satoshis: 1_000,
        });
        expect(entries(s.market)).toHaveLength(2);
        return saboteur.calls;
      };
      const calls = await run(0);
      expect(calls).toBeGreaterThanOrEqual(3);
      for (let at = 1; at <= calls; at++) await run(at);
    },
  );

  it('is audited once, with administrator and user', async () => {
    const log = vi.spyOn(logger, 'info').mockReturnValue(undefined);
    const id = newId();
    for (let i = 0; i < 2; i++) await creditWallet(s.deps, admin, credit(userId, 7), id);
    expect(log.mock.calls).toEqual([
      ['wallet credited', { by: admin.userId, user_id: userId, amount_satoshis: 7 }],
    ]);
  });

  it('is rejected for an unknown user, and moves nothing', async () => {
    const missing = newId();
    await expect(creditWallet(s.deps, admin, credit(missing), newId())).rejects.toMatchObject({
      message: `There is no user ${missing}.`,
    });
    await expect(creditWallet(s.deps, admin, credit(newId()), newId())).rejects.toEqual(code('not_found'));
    expect(entries(s.market)).toEqual([]);
  });

  it('is possible for agents and disabled users', async () => {
    const agent = await registered(s, { user_type: 'agent', agent_name: 'north-lab' });
    await s.market.table.write({ update: keys.user(userId), set: { is_active: false } });
    await creditWallet(s.deps, admin, credit(agent), newId());
    await creditWallet(s.deps, admin, credit(userId), newId());
    expect([await balance(agent), await balance()]).toEqual([1_000, 1_000]);
    expect((await s.deps.wallets.get(agent)).earned_satoshis).toBe(0);
  });

  it('is limited to a balance of all bitcoin, beyond which a wallet is unreadable', async () => {
    await s.market.wallets.move({
      id: 'CREDIT#first',
      kind: 'credit',
      at: AT,
      legs: [
        { account: accounts.external('manual'), amount: -(MAX_SATOSHIS - 1_000) },
        { account: accounts.available(userId), amount: MAX_SATOSHIS - 1_000 },
      ],
    });
    await expect(creditWallet(s.deps, admin, credit(userId, 1_001), newId())).rejects.toMatchObject({
      code: 'validation_failed',
      errors: [{ path: 'amount_satoshis' }],
    });
    await creditWallet(s.deps, admin, credit(userId, 1_000), newId());
    expect(await balance()).toBe(MAX_SATOSHIS);
    const sandbox = { ...s.deps, provider: paymentProvider('sandbox') };
    await expect(deposit(sandbox, userId, 1, newId())).rejects.toEqual(code('validation_failed'));
    expect(sum(s.market)).toBe(0);
  });
});

describe('the body of a credit', () => {
  const { body, access } = walletOperations.creditWallet;
  const good = credit('018f0000-0000-7000-8000-000000000001');

  it('is accepted from administrators only', () => {
    expect(access).toEqual({ kind: 'roles', roles: { admin: 'any' } });
  });

  it.each([
    [1, true],
    [100_000_000, true],
    [0, false],
    [-1, false],
    [1.5, false],
    [100_000_001, false],
    [2 ** 53, false],
    [1e308, false],
    ['1000', false],
    [null, false],
  ])('with the amount %j is accepted: %s', (amount_satoshis, taken) => {
    expect(body.safeParse({ ...good, amount_satoshis }).success).toBe(taken);
  });

  it.each([
    ['a reason of two letters', { reason: 'ab' }],
    ['a reason of blanks', { reason: '      ' }],
    ['a reason of 501 characters', { reason: 'x'.repeat(501) }],
    ['no reason', { reason: undefined }],
    ['no user', { user_id: undefined }],
    ['a user that is no id', { user_id: 'ada' }],
    ['one field more', { currency: 'EUR' }],
  ])('with %s is rejected', (_what, change) => {
    expect(body.safeParse({ ...good, ...change }).success).toBe(false);
  });
});

describe('with manual payment', () => {
  it('users cannot deposit or withdraw, not even credited money', async () => {
    await creditWallet(s.deps, admin, credit(userId), newId());
    await expect(deposit(s.deps, userId, 1, newId())).rejects.toEqual(code('deposits_manual'));
    await expect(withdraw(s.deps, userId, 1, newId())).rejects.toEqual(code('deposits_manual'));
    expect(await getWallet(s.deps, userId)).toEqual({
      balance_satoshis: 1_000,
      held_satoshis: 0,
      earned_satoshis: 0,
      payment_provider: 'manual',
    });
    expect(entries(s.market)).toHaveLength(2);
  });
});
