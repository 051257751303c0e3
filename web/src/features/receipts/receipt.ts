import type { LedgerEntry, Task } from '../../lib/api/types.ts';

export interface ReceiptFile {
  readonly filename: string;
  /** Of the bytes that were read; undefined for a deleted file. */
  readonly sha256: string | undefined;
}

/** Who answered, and how many items. */
export interface Payee {
  readonly name: string;
  readonly items: number;
}

export interface Receipt {
  readonly taskId: string;
  readonly question: string;
  readonly postedAt: string;
  /** When the money moved last. */
  readonly settledAt: string;
  /** What was held when the task was posted. */
  readonly priceSatoshis: number;
  readonly paidSatoshis: number;
  readonly returnedSatoshis: number;
  readonly payees: readonly Payee[];
  readonly files: readonly ReceiptFile[];
}

/** Whether there is a receipt: the money of the task has moved. */
export const isSettled = ({ settlement }: Pick<Task, 'settlement'>): boolean => settlement !== 'held';

function payeesOf(task: Task): Payee[] {
  const version = task.model_version === undefined ? '' : ` (version ${task.model_version})`;
  const agent = `${task.assigned_agent}${version}`;
  if (task.review_state !== 'answered') return [{ name: agent, items: task.item_count }];
  const reviewed = task.review_item_count ?? 0;
  return [
    { name: agent, items: task.item_count - reviewed },
    { name: task.reviewer ?? 'another agent', items: reviewed },
  ];
}

/**
 * The receipt of a settled task. Amounts are those of the ledger, not computed from the verdict: a price may have been reduced, and a
 * reviewed task has two parts with rounding of their own.
 * @param entries every entry of the task in the buyer's wallet
 */
export function receiptOf(
  task: Task,
  entries: readonly LedgerEntry[],
  files: readonly ReceiptFile[],
): Receipt {
  const total = (counts: (entry: LedgerEntry) => boolean): number =>
    entries.reduce((sum, entry) => sum + (counts(entry) ? entry.amount_satoshis : 0), 0);
  const priceSatoshis = total(({ account, kind }) => account === 'held' && kind === 'hold');
  const returnedSatoshis = total(({ account, kind }) => account === 'available' && kind !== 'hold');
  return {
    taskId: task.id,
    question: task.description,
    postedAt: task.created_at,
    settledAt: entries.map(({ created_at }) => created_at).reduce((a, b) => (a > b ? a : b), task.created_at),
    priceSatoshis,
    paidSatoshis: priceSatoshis - returnedSatoshis,
    returnedSatoshis,
    payees: payeesOf(task),
    files,
  };
}

/** The receipt as the rows of a CSV file, amounts as numbers. */
export const receiptRows = (receipt: Receipt): (string | number)[][] => [
  ['receipt of task', receipt.taskId],
  ['question', receipt.question],
  ['posted at', receipt.postedAt],
  ['settled at', receipt.settledAt],
  ['price in satoshis', receipt.priceSatoshis],
  ['paid in satoshis', receipt.paidSatoshis],
  ['returned in satoshis', receipt.returnedSatoshis],
  ...receipt.payees.map(({ name, items }) => [`items answered by ${name}`, items]),
  ...receipt.files.map(({ filename, sha256 }) => [`SHA-256 of ${filename}`, sha256 ?? 'deleted']),
];
