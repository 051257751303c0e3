import { LedgerEntry, Wallet } from '../../../contracts/entities/wallet.ts';
import type { Page } from '../../../contracts/api/page.ts';
import { DukeError } from '../../../contracts/errors.ts';
import { ENTRY_PREFIX, keys } from '../../../contracts/naming.ts';
import { fingerprintOf, movementSteps } from './ledger.ts';
import type { Movement } from './ledger.ts';
import { listPage } from './paging.ts';
import type { PageRequest } from './paging.ts';
import { parseRecord } from './records.ts';
import { ConditionFailed } from './table.ts';
import type { Table, TransactionStep } from './table.ts';

export interface WalletStore {
  /** All zero for a user without movements. */
  get(userId: string): Promise<Wallet>;
  entries(userId: string, page: PageRequest): Promise<Page<LedgerEntry>>;
  /**
   * Moves money outside of tasks (deposits, withdrawals, credits), together with further steps.
   * @returns false if this movement has happened before
   * @throws DukeError insufficient_funds; validation_failed if the wallet would exceed the supply; idempotency_key_reused if another
   *   movement had this id
   */
  move(movement: Movement, also?: readonly TransactionStep[]): Promise<boolean>;
}

const GUARD = 0;

export function walletStore(table: Table): WalletStore {
  return {
    async get(userId) {
      const item = await table.get(keys.wallet(userId), { consistent: true });
      return item
        ? parseRecord(Wallet, item)
        : { user_id: userId, balance_satoshis: 0, held_satoshis: 0, earned_satoshis: 0 };
    },
    entries: (userId, page) =>
      listPage({
        table,
        partitions: [{ pk: keys.wallet(userId).pk, prefix: ENTRY_PREFIX }],
        page,
        sortKeyOf: (entry) => String(entry['sk']),
        load: async (entries) =>
          entries.map((item) => ({ sortKey: String(item['sk']), value: parseRecord(LedgerEntry, item) })),
      }),
    async move(movement, also = []) {
      try {
        await table.transact([...movementSteps(movement), ...also]);
        return true;
      } catch (error) {
        if (!(error instanceof ConditionFailed)) throw error;
        if (error.failed.includes(GUARD)) {
          await assertSame(table, movement);
          return false;
        }
        throw refusal(movement, error);
      }
    },
  };
}

/** Only one wallet takes part, so the failed condition is on its balance: too low to withdraw, or too high to deposit. */
const refusal = ({ kind }: Movement, cause: ConditionFailed): DukeError =>
  kind === 'withdrawal'
    ? new DukeError('insufficient_funds', 'The balance does not cover this.', { cause })
    : new DukeError('validation_failed', 'A wallet holds at most 21,000,000 bitcoin.', {
        cause,
        errors: [{ path: 'amount_satoshis', message: 'more than the wallet has room for' }],
      });

/** The guard is permanent, but an Idempotency-Key expires after a day, after which it may come with another body. */
async function assertSame(table: Table, movement: Movement): Promise<void> {
  const before = await table.get(keys.movement(movement.id), { consistent: true });
  if (before?.['fingerprint'] === fingerprintOf(movement)) return;
  throw new DukeError(
    'idempotency_key_reused',
    'This key moved another amount; use a new key for a new request.',
  );
}
