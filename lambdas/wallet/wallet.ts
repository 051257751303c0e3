import type { Page } from '../../contracts/api/page.ts';
import type { EntryView, WalletView } from '../../contracts/api/wallet.ts';
import type { LedgerEntry } from '../../contracts/entities/wallet.ts';
import { DukeError } from '../../contracts/errors.ts';
import { accounts, movementIds, parseUserAccount } from '../../contracts/naming.ts';
import type { Clock } from '../shared/clock.ts';
import type { Caller } from '../shared/http/caller.ts';
import { logger } from '../shared/logger.ts';
import { auditStep } from '../shared/stores/audit-log.ts';
import type { Movement } from '../shared/stores/ledger.ts';
import type { PageRequest } from '../shared/stores/paging.ts';
import type { UserStore } from '../shared/stores/user-store.ts';
import type { WalletStore } from '../shared/stores/wallet-store.ts';
import type { PaymentProvider } from './payment-provider.ts';

export interface WalletDependencies {
  readonly wallets: WalletStore;
  readonly users: UserStore;
  readonly provider: PaymentProvider;
  readonly clock: Clock;
}

export async function getWallet(deps: WalletDependencies, userId: string): Promise<WalletView> {
  const { user_id: _owner, ...wallet } = await deps.wallets.get(userId);
  return { ...wallet, payment_provider: deps.provider.name };
}

export async function listEntries(
  deps: WalletDependencies,
  userId: string,
  page: PageRequest,
): Promise<Page<EntryView>> {
  const { items, next_cursor } = await deps.wallets.entries(userId, page);
  return { items: items.map(entryView), next_cursor };
}

function entryView(entry: LedgerEntry): EntryView {
  const user = parseUserAccount(entry.account);
  if (!user) throw new Error(`entry ${entry.id} of ${entry.account} lies in a wallet`);
  return { ...entry, account: user.side };
}

export type OwnMovement = (
  deps: WalletDependencies,
  userId: string,
  amount: number,
  id: string,
) => Promise<WalletView>;

/** @throws DukeError deposits_manual */
export const deposit: OwnMovement = (deps, userId, amount, id) =>
  moveOwn(deps, userId, 'deposit', amount, movementIds.deposit(userId, id));

/** @throws DukeError insufficient_funds, deposits_manual */
export const withdraw: OwnMovement = (deps, userId, amount, id) =>
  moveOwn(deps, userId, 'withdrawal', -amount, movementIds.withdrawal(userId, id));

/** Idempotent by `id`, which derives from the Idempotency-Key. `inwards` is negative for withdrawals. */
async function moveOwn(
  deps: WalletDependencies,
  userId: string,
  kind: 'deposit' | 'withdrawal',
  inwards: number,
  id: string,
): Promise<WalletView> {
  deps.provider.assertSelfService();
  await deps.wallets.move({
    id,
    kind,
    at: deps.clock().toISOString(),
    legs: [
      { account: deps.provider.account, amount: -inwards },
      { account: accounts.available(userId), amount: inwards },
    ],
  });
  return getWallet(deps, userId);
}

/** Credits money that an administrator received outside, with administrator and reason in every entry of the movement. */
export async function creditWallet(
  deps: WalletDependencies,
  admin: Caller,
  body: { user_id: string; amount_satoshis: number; reason: string },
  id: string,
): Promise<{ user_id: string; balance_satoshis: number; credited_at: string }> {
  if (!(await deps.users.get(body.user_id, { consistent: true })))
    throw new DukeError('not_found', `There is no user ${body.user_id}.`);
  const at = deps.clock().toISOString();
  const { user_id: subject, amount_satoshis: amount, reason } = body;
  const entry = auditStep({
    ...{ id, at, actor_id: admin.userId, action: 'wallet.credited', subject },
    details: { amount_satoshis: amount, reason },
  });
  const movement: Movement = {
    id: movementIds.credit(id),
    kind: 'credit',
    at,
    reason: body.reason,
    actorId: admin.userId,
    legs: [
      { account: accounts.external('manual'), amount: -body.amount_satoshis },
      { account: accounts.available(body.user_id), amount: body.amount_satoshis },
    ],
  };
  if (await deps.wallets.move(movement, [entry])) {
    const { user_id, amount_satoshis } = body;
    logger.info('wallet credited', { by: admin.userId, user_id, amount_satoshis });
  }
  const { balance_satoshis } = await deps.wallets.get(body.user_id);
  return { user_id: body.user_id, balance_satoshis, credited_at: at };
}
