import type { LedgerEntry, MovementKind } from '../../../contracts/entities/wallet.ts';
import { MAX_SATOSHIS } from '../../../contracts/entities/common.ts';
import { keys, parseUserAccount } from '../../../contracts/naming.ts';
import { canonicalJson, sha256 } from '../ids.ts';
import { record } from './records.ts';
import type { Condition, TransactionStep } from './table.ts';

export interface Leg {
  readonly account: string;
  /** Satoshis; positive into the account, negative out of it. */
  readonly amount: number;
  /** Counts as earned. */
  readonly earned?: boolean;
}

export interface Movement {
  /** Deterministic (naming.ts `movementIds`): the same movement never happens twice. */
  readonly id: string;
  readonly kind: MovementKind;
  readonly at: string;
  readonly legs: readonly Leg[];
  readonly taskId?: string;
  readonly reason?: string;
  /** Who moved the money, if not the owner of the account. */
  readonly actorId?: string;
}

/**
 * Accounts through which money enters. Their movements keep a wallet within the bounds of its schema, beyond which it
 * could not be read; internal movements cannot exceed them.
 */
const ENTERING: ReadonlySet<MovementKind> = new Set(['deposit', 'credit']);

interface WalletChange {
  available: number;
  held: number;
  earned: number;
}

/**
 * The steps of one movement, for one transaction. Step 0 is the guard that makes it happen once, steps 1..n the wallets
 * of users (which never go negative), the rest the entries.
 * @throws RangeError if the legs do not sum to zero or are not integers
 */
export function movementSteps(movement: Movement): TransactionStep[] {
  const legs = movement.legs.filter((leg) => leg.amount !== 0);
  const sum = legs.reduce((total, leg) => total + leg.amount, 0);
  if (sum !== 0 || legs.length === 0 || !legs.every((leg) => Number.isSafeInteger(leg.amount))) {
    throw new RangeError(`the legs of ${movement.id} do not balance: ${JSON.stringify(legs)}`);
  }
  const guard = {
    put: record('movement', keys.movement(movement.id), {
      kind: movement.kind,
      fingerprint: fingerprintOf(movement),
      ...(movement.actorId !== undefined && { actor_id: movement.actorId }),
      created_at: movement.at,
    }),
    when: [{ attribute: 'pk', is: 'absent' } as const],
  };
  const enters = ENTERING.has(movement.kind);
  return [guard, ...walletSteps(legs, enters), ...legs.map((leg, i) => entryStep(movement, leg, i))];
}

/** Hash of the content of a movement, to tell a repetition from another movement with the same id. */
export const fingerprintOf = ({ legs, reason }: Movement): string =>
  sha256(canonicalJson({ legs, reason })).slice(0, 32);

function walletSteps(legs: readonly Leg[], enters: boolean): TransactionStep[] {
  const changes = new Map<string, WalletChange>();
  for (const leg of legs) {
    const user = parseUserAccount(leg.account);
    if (!user) continue;
    const change = changes.get(user.userId) ?? { available: 0, held: 0, earned: 0 };
    change[user.side] += leg.amount;
    if (leg.earned) change.earned += leg.amount;
    changes.set(user.userId, change);
  }
  return [...changes].map(([userId, change]) => ({
    update: keys.wallet(userId),
    setOnce: { user_id: userId, entity: 'wallet' },
    add: { balance_satoshis: change.available, held_satoshis: change.held, earned_satoshis: change.earned },
    when: [
      ...covered('balance_satoshis', change.available),
      ...covered('held_satoshis', change.held),
      ...(enters ? roomFor('balance_satoshis', change.available) : []),
    ],
  }));
}

const covered = (attribute: string, change: number): Condition[] =>
  change < 0 ? [{ attribute, is: 'at_least', value: -change }] : [];

const roomFor = (attribute: string, change: number): Condition[] => [
  { attribute, is: 'absent_or_at_most', value: MAX_SATOSHIS - change },
];

function entryStep(movement: Movement, leg: Leg, position: number): TransactionStep {
  const entry: LedgerEntry = {
    id: `${movement.id}#${position}`,
    movement_id: movement.id,
    kind: movement.kind,
    account: leg.account,
    amount_satoshis: leg.amount,
    ...(movement.taskId !== undefined && { task_id: movement.taskId }),
    ...(movement.reason !== undefined && { reason: movement.reason }),
    ...(movement.actorId !== undefined && { actor_id: movement.actorId }),
    created_at: movement.at,
  };
  const user = parseUserAccount(leg.account);
  const key = user
    ? keys.walletEntry(user.userId, movement.at, entry.id)
    : keys.accountEntry(leg.account, movement.at, entry.id);
  return { put: record('entry', key, entry) };
}
