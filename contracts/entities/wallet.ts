import * as z from 'zod';
import { MAX_REASON } from '../limits.ts';
import { Id, Satoshis, Timestamp } from './common.ts';

/** Amount of one entry of a movement; the entries of a movement sum to zero. */
export const SignedSatoshis = z
  .int()
  .refine((amount) => amount !== 0, 'an entry moves something')
  .meta({ example: -100_000 });

export const MovementKind = z
  .enum(['deposit', 'withdrawal', 'credit', 'hold', 'release', 'split', 'refund'])
  .meta({
    id: 'MovementKind',
    description:
      'Why money moved: into or out of the platform (`deposit`, `withdrawal`, `credit`), into escrow (`hold`), or out of escrow to the agent (`release`), back to the buyer (`refund`) or to both (`split`).',
  });
export type MovementKind = z.infer<typeof MovementKind>;

/**
 * One entry of a double-entry movement. Accounts:
 * `user:<id>:available`, `user:<id>:held`, `agent:duke-mm`, `external:<provider>`.
 */
export const LedgerEntry = z.strictObject({
  id: z.string().meta({
    description: 'The id of this entry.',
    example: 'hold:019ab5e0-6d1c-7c3a-9f54-2b7e1d0c8a11#1',
  }),
  movement_id: z.string().meta({
    description: 'The movement that this entry belongs to; the entries of a movement sum to zero.',
    example: 'hold:019ab5e0-6d1c-7c3a-9f54-2b7e1d0c8a11',
  }),
  kind: MovementKind,
  account: z.string(),
  amount_satoshis: SignedSatoshis.describe('The amount: positive if received, negative if paid.'),
  task_id: Id.optional().describe('The task that the money was moved for, if any.'),
  reason: z
    .string()
    .max(MAX_REASON)
    .optional()
    .meta({ description: 'The reason.', example: 'Invoice 2026-117' }),
  actor_id: Id.optional().describe(
    'The user who moved the money, if not the owner of the wallet: the administrator of a credit.',
  ),
  created_at: Timestamp.describe('When the money moved.'),
});
export type LedgerEntry = z.infer<typeof LedgerEntry>;

/** Available balance, amount in escrow, and total earnings of a user. */
export const Wallet = z.strictObject({
  user_id: Id.describe('The owner of the wallet.'),
  balance_satoshis: Satoshis.meta({ description: 'The available balance.', example: 9_900_000 }),
  held_satoshis: Satoshis.describe('The amount held in escrow for tasks without a verdict.'),
  earned_satoshis: Satoshis.meta({ description: 'Total earned by work.', example: 0 }),
});
export type Wallet = z.infer<typeof Wallet>;
