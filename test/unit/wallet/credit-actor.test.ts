import { expect, test } from 'vitest';
import { walletOperations } from '../../../contracts/api/wallet.ts';
import type { Caller } from '../../../lambdas/shared/http/caller.ts';
import { newId } from '../../../lambdas/shared/ids.ts';
import { userStore } from '../../../lambdas/shared/stores/user-store.ts';
import { walletStore } from '../../../lambdas/shared/stores/wallet-store.ts';
import { paymentProvider } from '../../../lambdas/wallet/payment-provider.ts';
import { creditWallet, deposit, listEntries } from '../../../lambdas/wallet/wallet.ts';
import { buyer } from '../support/marketplace.ts';
import { memoryTable } from '../support/memory-table.ts';

const at = '2026-03-01T12:00:00.000Z';
const [admin, other]: Caller[] = [buyer(), buyer()].map((caller) => ({ ...caller, role: 'admin' }));
const credit = (user_id: string) => ({ user_id, amount_satoshis: 10, reason: 'paid by invoice 7' });

async function stage() {
  const table = memoryTable();
  const users = userStore(table);
  const user = { id: newId(), email: 'a@b.de', user_type: 'buyer', full_name: null, created_at: at, updated_at: at, is_active: true } as const; // prettier-ignore
  await users.create(user, { id: newId(), fingerprint: '' });
  const deps = {
    wallets: walletStore(table),
    users,
    provider: paymentProvider('manual'),
    clock: () => new Date(at),
  };
  const rows = (movementId: string) =>
    [...table.items.values()].filter(
      (item) =>
        item['movement_id'] === movementId ||
        (item['entity'] === 'movement' && String(item['pk']).endsWith(movementId)),
    );
  return { deps, userId: user.id, rows };
}

test('every entry of a credit names the administrator, visible to the owner', async () => {
  const { deps, userId, rows } = await stage();
  await creditWallet(deps, admin!, credit(userId), newId());
  const { items } = await listEntries(deps, userId, { limit: 10 });
  expect(items).toMatchObject([{ kind: 'credit', actor_id: admin!.userId, reason: 'paid by invoice 7' }]);
  const stored = rows(items[0]!.movement_id);
  expect(stored.map((row) => [row['entity'], row['actor_id']]).sort()).toEqual(
    ['entry', 'entry', 'movement'].map((entity) => [entity, admin!.userId]),
  );
  expect(walletOperations.listEntries.response.safeParse({ items, next_cursor: null }).success).toBe(true);
});

test('a repeated request does not change the administrator', async () => {
  const { deps, userId } = await stage();
  const id = newId();
  await creditWallet(deps, admin!, credit(userId), id);
  await creditWallet(deps, other!, credit(userId), id);
  const { items } = await listEntries(deps, userId, { limit: 10 });
  expect(items.map((entry) => entry.actor_id)).toEqual([admin!.userId]);
});

test('deposits and withdrawals name the owner only', async () => {
  const { deps, userId } = await stage();
  await deposit({ ...deps, provider: paymentProvider('sandbox') }, userId, 5, newId());
  const { items } = await listEntries(deps, userId, { limit: 10 });
  expect(items[0]).not.toHaveProperty('actor_id');
});
