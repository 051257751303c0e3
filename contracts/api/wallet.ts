import * as z from 'zod';
import { Id, Satoshis, Timestamp } from '../entities/common.ts';
import { LedgerEntry, Wallet } from '../entities/wallet.ts';
import { MAX_REASON, TRANSFER_SATOSHIS } from '../limits.ts';
import { Text } from '../text.ts';
import { admins, everyone, idempotencyErrors, operations } from './operation.ts';
import { PageQuery, pageOf } from './page.ts';

export const WalletView = Wallet.omit({ user_id: true })
  .extend({
    payment_provider: z
      .enum(['sandbox', 'manual'])
      .describe(
        'How money comes in here: `sandbox` is play money, `manual` is credited by an administrator.',
      ),
  })
  .meta({ id: 'Wallet', description: 'The money of one account.' });
export type WalletView = z.infer<typeof WalletView>;

/** Fields of a ledger entry that its owner sees. */
export const EntryView = LedgerEntry.pick({ id: true, movement_id: true, kind: true })
  .extend({
    account: z.enum(['available', 'held']).describe('Which side of the wallet changed.'),
    ...LedgerEntry.pick({
      amount_satoshis: true,
      task_id: true,
      reason: true,
      actor_id: true,
      created_at: true,
    }).shape,
  })
  .meta({ id: 'LedgerEntry', description: 'One side of a double-entry movement.' });
export type EntryView = z.infer<typeof EntryView>;

const Amount = Satoshis.min(TRANSFER_SATOSHIS.min).max(TRANSFER_SATOSHIS.max).meta({
  description: 'How much: at most one bitcoin (100,000,000 satoshis) at a time.',
  example: 5_000_000,
});
const AmountBody = z
  .strictObject({ amount_satoshis: Amount })
  .meta({ id: 'Amount', description: 'How much to move.' });

export const walletOperations = operations({
  getWallet: {
    method: 'GET',
    path: '/wallet',
    capability: 'wallet',
    summary: 'My wallet',
    description: 'What the caller can spend, what escrow holds, and what work has earned.',
    access: everyone,
    status: 200,
    answer: 'The wallet.',
    response: WalletView,
    errors: [],
  },
  listEntries: {
    method: 'GET',
    path: '/wallet/entries',
    capability: 'wallet',
    summary: 'My ledger entries, newest first',
    description: 'Every change of the wallet. The entries of one account sum to its balance.',
    access: everyone,
    query: PageQuery,
    status: 200,
    answer: 'One page of entries.',
    response: pageOf('LedgerEntryPage', EntryView),
    errors: [],
  },
  deposit: {
    method: 'POST',
    path: '/wallet/deposits',
    capability: 'wallet',
    summary: 'Put satoshis in',
    description:
      'Moves money in by the payment provider of this stage. In the sandbox it is there at once; where deposits are manual it is 403 `deposits_manual`.',
    access: everyone,
    body: AmountBody,
    status: 201,
    answer: 'The wallet after the deposit.',
    response: WalletView,
    errors: ['deposits_manual', ...idempotencyErrors],
    idempotent: 'stored',
  },
  withdraw: {
    method: 'POST',
    path: '/wallet/withdrawals',
    capability: 'wallet',
    summary: 'Take satoshis out',
    description:
      'Moves money out by the payment provider of this stage. Only what can be spent: what escrow holds stays.',
    access: everyone,
    body: AmountBody,
    status: 201,
    answer: 'The wallet after the withdrawal.',
    response: WalletView,
    errors: ['deposits_manual', 'insufficient_funds', ...idempotencyErrors],
    idempotent: 'stored',
  },
  creditWallet: {
    method: 'POST',
    path: '/admin/wallet/credit',
    capability: 'wallet',
    summary: 'Credit a user who has paid outside',
    description:
      'For administrators: puts satoshis into the wallet of a user, with the reason in the ledger.',
    access: admins,
    body: z
      .strictObject({
        user_id: Id.describe('Whose wallet to credit.'),
        amount_satoshis: Amount,
        reason: Text({ max: MAX_REASON, min: 3, trim: true }).meta({
          description: 'Why: it stands in the ledger.',
          example: 'Invoice 2026-117',
        }),
      })
      .meta({ id: 'Credit', description: 'Money that a user has paid outside.' }),
    status: 201,
    answer: 'The wallet was credited.',
    response: z
      .strictObject({
        user_id: Id.describe('Whose wallet was credited.'),
        balance_satoshis: Satoshis.describe('What the user can spend now.'),
        credited_at: Timestamp.describe('When the money was credited.'),
      })
      .meta({ id: 'Credited', description: 'A wallet after a credit.' }),
    errors: ['not_found', ...idempotencyErrors],
    idempotent: 'stored',
  },
});
