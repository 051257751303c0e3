import * as z from 'zod';
import { Id, Satoshis, Timestamp } from '../entities/common.ts';
import { MovementKind, SignedSatoshis, Wallet } from '../entities/wallet.ts';
import { everyone, operations } from './operation.ts';
import { PageQuery, pageOf } from './page.ts';

export const WalletView = Wallet.omit({ user_id: true })
  .extend({
    /** How money comes in here; `sandbox` satoshis are play money. */
    payment_provider: z.enum(['sandbox', 'manual']),
  })
  .meta({ id: 'Wallet' });
export type WalletView = z.infer<typeof WalletView>;

export const EntryView = z
  .strictObject({
    id: z.string(),
    movement_id: z.string(),
    kind: MovementKind,
    /** `available` or `held`: which side of the wallet it is. */
    account: z.enum(['available', 'held']),
    amount_satoshis: SignedSatoshis,
    task_id: Id.optional(),
    reason: z.string().optional(),
    created_at: Timestamp,
  })
  .meta({ id: 'LedgerEntry' });
export type EntryView = z.infer<typeof EntryView>;

/** At most one bitcoin at a time, so that a slip of the finger stays small. */
const Amount = Satoshis.min(1).max(100_000_000);
const idempotency = ['idempotency_key_reused', 'idempotency_in_progress'] as const;

export const walletOperations = operations({
  getWallet: {
    method: 'GET',
    path: '/wallet',
    capability: 'wallet',
    summary: 'What I can spend, what escrow holds, what I have earned',
    access: everyone,
    status: 200,
    response: WalletView,
    errors: [],
  },
  listEntries: {
    method: 'GET',
    path: '/wallet/entries',
    capability: 'wallet',
    summary: 'My ledger entries, newest first',
    access: everyone,
    query: PageQuery,
    status: 200,
    response: pageOf(EntryView),
    errors: [],
  },
  deposit: {
    method: 'POST',
    path: '/wallet/deposits',
    capability: 'wallet',
    summary: 'Put satoshis in, by the payment provider of this stage',
    access: everyone,
    body: z.strictObject({ amount_satoshis: Amount }),
    status: 201,
    response: WalletView,
    errors: ['deposits_manual', ...idempotency],
    idempotent: true,
  },
  withdraw: {
    method: 'POST',
    path: '/wallet/withdrawals',
    capability: 'wallet',
    summary: 'Take satoshis out, by the payment provider of this stage',
    access: everyone,
    body: z.strictObject({ amount_satoshis: Amount }),
    status: 201,
    response: WalletView,
    errors: ['deposits_manual', 'insufficient_funds', ...idempotency],
    idempotent: true,
  },
  creditWallet: {
    method: 'POST',
    path: '/admin/wallet/credit',
    capability: 'wallet',
    summary: 'Credit a user who has paid outside',
    access: { kind: 'roles', roles: { admin: 'any' } },
    body: z.strictObject({
      user_id: Id,
      amount_satoshis: Amount,
      reason: z.string().trim().min(3).max(500),
    }),
    status: 201,
    response: z.strictObject({ user_id: Id, balance_satoshis: Satoshis, credited_at: Timestamp }),
    errors: ['not_found', ...idempotency],
    idempotent: true,
  },
});
