import type { LedgerEntry } from '../../lib/api/types.ts';

/** One line of the statement: what one task did to the wallet, or one deposit, withdrawal or credit. */
export interface StatementLine {
  readonly key: string;
  /** When money moved last. */
  readonly at: string;
  readonly what: 'task' | 'work' | 'deposit' | 'withdrawal' | 'credit';
  readonly taskId: string | undefined;
  /** Of a task: its price. */
  readonly price: number;
  /** Of a task: what is in escrow now. */
  readonly held: number;
  /** Of a task: what went to the agent. */
  readonly paid: number;
  /** Of a task: what came back. */
  readonly returned: number;
  /** What was added to or taken from the balance. */
  readonly change: number;
  readonly reason: string | undefined;
  readonly actorId: string | undefined;
}

const sum = (entries: readonly LedgerEntry[], counts: (entry: LedgerEntry) => boolean): number =>
  entries.reduce((total, entry) => total + (counts(entry) ? entry.amount_satoshis : 0), 0);

const isAvailable = ({ account }: LedgerEntry): boolean => account === 'available';

/** What was posted and paid for: money went through escrow. */
function taskLine(key: string, entries: readonly LedgerEntry[]): StatementLine {
  const newest = entries[0]!;
  const held = sum(entries, ({ account }) => account === 'held');
  const into = sum(entries, ({ account, amount_satoshis }) => account === 'held' && amount_satoshis > 0);
  const outOf = -sum(entries, ({ account, amount_satoshis }) => account === 'held' && amount_satoshis < 0);
  const price = Math.max(into, outOf); // the hold may be on a page that is not loaded yet
  const returned = sum(entries, (entry) => isAvailable(entry) && entry.kind !== 'hold');
  const inEscrow = into === 0 ? 0 : held;
  return {
    ...{ key, at: newest.created_at, what: 'task', taskId: newest.task_id },
    ...{ price, held: inEscrow, paid: price - inEscrow - returned, returned },
    ...{ change: returned - price, reason: undefined, actorId: undefined },
  };
}

function plainLine(entry: LedgerEntry, key: string, change: number): StatementLine {
  const { kind } = entry;
  const what = kind === 'deposit' || kind === 'withdrawal' || kind === 'credit' ? kind : 'work';
  return {
    ...{ key, at: entry.created_at, what, taskId: entry.task_id },
    ...{ price: 0, held: 0, paid: 0, returned: 0, change },
    ...{ reason: entry.reason, actorId: entry.actor_id },
  };
}

/**
 * The entries of a ledger, newest first, as a statement: one line per task, however many movements it took.
 * @param entries the newest ones, without gaps
 */
export function statementOf(entries: readonly LedgerEntry[]): StatementLine[] {
  const groups = Map.groupBy(entries, ({ task_id, movement_id }) => task_id ?? movement_id);
  return [...groups].map(([key, group]) => {
    const throughEscrow = group.some(({ account }) => account === 'held');
    return throughEscrow ? taskLine(key, group) : plainLine(group[0]!, key, sum(group, isAvailable));
  });
}
