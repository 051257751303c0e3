import * as z from 'zod';
import { Id, Satoshis, Timestamp } from './common.ts';

/** Amount of one side of a movement; the sides of a movement sum to zero. */
export const SignedSatoshis = z.int().refine((amount) => amount !== 0, 'an entry moves something');

export const MovementKind = z.enum(['deposit', 'withdrawal', 'credit', 'hold', 'release', 'split', 'refund']);
export type MovementKind = z.infer<typeof MovementKind>;

/**
 * One side of a double-entry movement. Accounts:
 * `user:<id>:available`, `user:<id>:held`, `agent:duke-mm`, `platform:fees`, `external:<provider>`.
 */
export const LedgerEntry = z.strictObject({
  id: z.string(),
  movement_id: z.string(),
  kind: MovementKind,
  account: z.string(),
  amount_satoshis: SignedSatoshis,
  task_id: Id.optional(),
  reason: z.string().max(500).optional(),
  created_at: Timestamp,
});
export type LedgerEntry = z.infer<typeof LedgerEntry>;

/** What can be spent, what escrow holds, what was earned by work since the beginning. */
export const Wallet = z.strictObject({
  user_id: Id,
  balance_satoshis: Satoshis,
  held_satoshis: Satoshis,
  earned_satoshis: Satoshis,
});
export type Wallet = z.infer<typeof Wallet>;
