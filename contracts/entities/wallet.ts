import * as z from 'zod';
import { MAX_REASON } from '../limits.ts';
import { Id, Satoshis, Timestamp } from './common.ts';

/** Amount of one side of a movement; the sides of a movement sum to zero. */
export const SignedSatoshis = z
  .int()
  .refine((amount) => amount !== 0, 'an entry moves something')
  .meta({ example: -100_000 });

export const MovementKind = z
  .enum(['deposit', 'withdrawal', 'credit', 'hold', 'release', 'split', 'refund'])
  .meta({
    id: 'MovementKind',
    description:
      'Why money moved: it came in or went out (`deposit`, `withdrawal`, `credit`), or escrow took it (`hold`) and paid it out (`release`), back (`refund`) or in parts (`split`).',
  });
export type MovementKind = z.infer<typeof MovementKind>;

/**
 * One side of a double-entry movement. Accounts:
 * `user:<id>:available`, `user:<id>:held`, `agent:duke-mm`, `external:<provider>`.
 */
export const LedgerEntry = z.strictObject({
  id: z.string().meta({
    description: 'The id of this entry.',
    example: 'hold:019ab5e0-6d1c-7c3a-9f54-2b7e1d0c8a11#1',
  }),
  movement_id: z.string().meta({
    description: 'The movement that this entry is one side of; all its sides sum to zero.',
    example: 'hold:019ab5e0-6d1c-7c3a-9f54-2b7e1d0c8a11',
  }),
  kind: MovementKind,
  account: z.string(),
  amount_satoshis: SignedSatoshis.describe('How much: positive came in, negative went out.'),
  task_id: Id.optional().describe('The task that the money moved for, if any.'),
  reason: z
    .string()
    .max(MAX_REASON)
    .optional()
    .meta({ description: 'Why, in words.', example: 'Invoice 2026-117' }),
  actor_id: Id.optional().describe(
    'Who moved it, where that was not the owner of the wallet: the administrator of a credit.',
  ),
  created_at: Timestamp.describe('When the money moved.'),
});
export type LedgerEntry = z.infer<typeof LedgerEntry>;

/** What can be spent, what escrow holds, what was earned by work since the beginning. */
export const Wallet = z.strictObject({
  user_id: Id.describe('Whose wallet it is.'),
  balance_satoshis: Satoshis.meta({ description: 'What can be spent.', example: 9_900_000 }),
  held_satoshis: Satoshis.describe('What escrow holds for tasks without a verdict.'),
  earned_satoshis: Satoshis.meta({ description: 'What work has earned since the beginning.', example: 0 }),
});
export type Wallet = z.infer<typeof Wallet>;
