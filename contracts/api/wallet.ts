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
        'How deposits work here: `sandbox` is play money, `manual` deposits are credited by an administrator.',
      ),
  })
  .meta({ id: 'Wallet', description: 'The money of one account.' });
export type WalletView = z.infer<typeof WalletView>;

/** Fields of a ledger entry in the API. */
export const EntryView = LedgerEntry.pick({ id: true, movement_id: true, kind: true })
  .extend({
    account: z.enum(['available', 'held']).describe('The account of the wallet that changed.'),
    ...LedgerEntry.pick({
      amount_satoshis: true,
      task_id: true,
      reason: true,
      actor_id: true,
      created_at: true,
    }).shape,
  })
  .meta({ id: 'LedgerEntry', description: 'One entry of a double-entry movement.' });
export type EntryView = z.infer<typeof EntryView>;

const Amount = Satoshis.min(TRANSFER_SATOSHIS.min).max(TRANSFER_SATOSHIS.max).meta({
  description: 'The amount in satoshis, at most one bitcoin (100,000,000 satoshis) per request.',
  example: 5_000_000,
});
const AmountBody = z
  .strictObject({ amount_satoshis: Amount })
  .meta({ id: 'Amount', description: 'The amount to deposit or withdraw.' });

export const walletOperations = operations({
  getWallet: {
    method: 'GET',
    path: '/wallet',
    capability: 'wallet',
    summary: 'My wallet',
    description: 'The available balance, the amount held in escrow, and the total earned by work.',
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
    description: 'All changes of the wallet. The entries of an account add up to its balance.',
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
    summary: 'Deposit satoshis',
    description:
      'Deposits money through the payment provider of this stage. In the sandbox it is available at once; if deposits are manual, the answer is 403 `deposits_manual`.',
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
    summary: 'Withdraw satoshis',
    description:
      'Withdraws money through the payment provider of this stage. Only the available balance can be withdrawn, not the amount in escrow.',
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
    summary: 'Credit a user who has paid outside the platform',
    description:
      'For administrators: adds satoshis to the wallet of a user and records the reason in the ledger.',
    access: admins,
    body: z
      .strictObject({
        user_id: Id.describe('The user to credit.'),
        amount_satoshis: Amount,
        reason: Text({ max: MAX_REASON, min: 3, trim: true }).meta({
          description: 'The reason, recorded in the ledger.',
          example: 'Invoice 2026-117',
        }),
      })
      .meta({ id: 'Credit', description: 'A payment that a user made outside the platform.' }),
    status: 201,
    answer: 'The wallet was credited.',
    response: z
      .strictObject({
        user_id: Id.describe('The credited user.'),
        balance_satoshis: Satoshis.describe("The user's available balance after the credit."),
        credited_at: Timestamp.describe('When the money was credited.'),
      })
      .meta({ id: 'Credited', description: 'A wallet after a credit.' }),
    errors: ['not_found', ...idempotencyErrors],
    idempotent: 'stored',
  },
});
