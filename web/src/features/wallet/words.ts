import { sats } from '../../lib/format.ts';
import type { StatementLine } from './statement.ts';

export const WHAT: Record<StatementLine['what'], string> = {
  task: 'Task',
  work: 'Work',
  deposit: 'Deposit',
  withdrawal: 'Withdrawal',
  credit: 'Credit by an administrator',
};

/** `200,000 sat held, then 150,000 sat paid and 50,000 sat returned` */
export function courseOf({ what, price, held, paid, returned }: StatementLine): string | undefined {
  if (what === 'work') return 'paid to you for your work';
  if (what !== 'task') return undefined;
  if (held > 0) return `${sats(held)} held in escrow until the verdict`;
  if (returned === 0) return `${sats(paid)} paid`;
  if (paid === 0) return `${sats(returned)} held, then returned`;
  return `${sats(price)} held, then ${sats(paid)} paid and ${sats(returned)} returned`;
}
