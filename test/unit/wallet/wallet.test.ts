import { describe, expect, it } from 'vitest';
import { accounts } from '../../../contracts/naming.ts';
import { newId } from '../../../lambdas/shared/ids.ts';
import { movementSteps } from '../../../lambdas/shared/stores/ledger.ts';
import { userStore } from '../../../lambdas/shared/stores/user-store.ts';
import { paymentProvider } from '../../../lambdas/wallet/payment-provider.ts';
import { creditWallet, deposit, getWallet, listEntries, withdraw } from '../../../lambdas/wallet/wallet.ts';
import { buyer, entries, marketplace } from '../support/marketplace.ts';

async function wallets(provider: 'sandbox' | 'manual') {
  const market = await marketplace();
  const users = userStore(market.table);
  return {
    market,
    deps: { wallets: market.wallets, users, provider: paymentProvider(provider), clock: market.clock },
  };
}
const me = buyer();

describe('wallet', () => {
  it('moves sandbox money once per id', async () => {
    const { deps, market } = await wallets('sandbox');
    const id = newId();
    await Promise.all([deposit(deps, me.userId, 500, id), deposit(deps, me.userId, 500, id)]);
    await withdraw(deps, me.userId, 200, newId());
    expect(await getWallet(deps, me.userId)).toEqual({
      balance_satoshis: 300,
      held_satoshis: 0,
      earned_satoshis: 0,
      payment_provider: 'sandbox',
    });
    expect(entries(market).reduce((sum, e) => sum + e.amount_satoshis, 0)).toBe(0);
    await expect(withdraw(deps, me.userId, 301, newId())).rejects.toMatchObject({
      code: 'insufficient_funds',
    });
  });

  it('rejects another amount under a used id, however old', async () => {
    const { deps, market } = await wallets('sandbox');
    const id = newId();
    await deposit(deps, me.userId, 500, id);
    market.passTime(25 * 3_600_000);
    expect((await deposit(deps, me.userId, 500, id)).balance_satoshis).toBe(500);
    await expect(deposit(deps, me.userId, 501, id)).rejects.toMatchObject({ code: 'idempotency_key_reused' });
  });

  it('pages entries without a gap or a duplicate', async () => {
    const { deps, market } = await wallets('sandbox');
    for (let i = 1; i <= 25; i++) {
      market.passTime(i % 3); // some at the same millisecond
      await deposit(deps, me.userId, i, newId());
    }
    const amounts: number[] = [];
    for (let cursor: string | undefined, more = true; more;) {
      const page = await listEntries(deps, me.userId, { limit: 7, cursor });
      amounts.push(...page.items.map((entry) => entry.amount_satoshis));
      cursor = page.next_cursor ?? undefined;
      more = cursor !== undefined;
    }
    expect(amounts.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 25 }, (_, i) => i + 1));
  });

  it('throws for an entry of another account', async () => {
    const { deps, market } = await wallets('sandbox');
    await deposit(deps, me.userId, 500, newId());
    for (const [name, item] of market.table.items)
      if (item['entity'] === 'entry') market.table.items.set(name, { ...item, account: accounts.dukeMM });
    await expect(listEntries(deps, me.userId, { limit: 10 })).rejects.toThrow(
      /entry .* of agent:duke-mm lies in a wallet/,
    );
  });

  it('is credited by administrators only if payment is manual', async () => {
    const { deps } = await wallets('manual');
    await expect(deposit(deps, me.userId, 1, newId())).rejects.toMatchObject({ code: 'deposits_manual' });
    const credit = { user_id: me.userId, amount_satoshis: 10, reason: 'paid by invoice 7' };
    await expect(creditWallet(deps, me, credit, newId())).rejects.toMatchObject({ code: 'not_found' });
  });
});

describe('a movement', () => {
  const leg = (amount: number) => ({ account: accounts.available('u'), amount });
  const movement = (amounts: number[]) => ({
    id: 'm',
    kind: 'deposit' as const,
    at: '2026-03-01T00:00:00.000Z',
    legs: amounts.map(leg),
  });
  it.each([[[1]], [[1, -2]], [[0.5, -0.5]], [[0, 0]], [[]]])('of %j is rejected', (amounts) => {
    expect(() => movementSteps(movement(amounts))).toThrow(RangeError);
  });
});
