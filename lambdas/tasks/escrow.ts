import { DUKE_MM_ID } from '../../contracts/entities/common.ts';
import type { AgentId } from '../../contracts/entities/common.ts';
import type { Task } from '../../contracts/entities/task.ts';
import { accounts, movementIds } from '../../contracts/naming.ts';
import { settlementOf } from '../../contracts/rules/refund.ts';
import { movementSteps } from '../shared/stores/ledger.ts';
import type { Leg } from '../shared/stores/ledger.ts';
import type { TransactionStep } from '../shared/stores/table.ts';

type Priced = Pick<Task, 'id' | 'buyer_id' | 'price_satoshis'>;

/** Moves the price from the buyer's available balance into escrow. */
export const holdSteps = (task: Priced, at: string): TransactionStep[] =>
  movementSteps({
    id: movementIds.hold(task.id),
    kind: 'hold',
    at,
    taskId: task.id,
    legs: [
      { account: accounts.available(task.buyer_id), amount: -task.price_satoshis },
      { account: accounts.held(task.buyer_id), amount: task.price_satoshis },
    ],
  });

/** Returns the price difference after a reassignment. @param task with its new price and attempt */
export const reduceSteps = (
  task: Priced & { readonly attempt: number },
  refund: number,
  at: string,
): TransactionStep[] =>
  movementSteps({
    id: movementIds.reduce(task.id, task.attempt),
    kind: 'refund',
    at,
    taskId: task.id,
    legs: [
      { account: accounts.held(task.buyer_id), amount: -refund },
      { account: accounts.available(task.buyer_id), amount: refund },
    ],
  });

const KIND = { released: 'release', refunded: 'refund', split: 'split' } as const;

/** Settles escrow: `refund` satoshis return to the buyer, the rest goes to the worker. Applied once per task. */
export function settleSteps(
  task: Priced,
  workerAccount: string,
  refund: number,
  at: string,
): TransactionStep[] {
  return settlePartsSteps(task, [{ account: workerAccount, price: task.price_satoshis, refund }], at);
}

/** A worker's part of the price, and the refund from it. */
export interface PricePart {
  readonly account: string;
  readonly price: number;
  readonly refund: number;
}

/** Settles a task whose price is divided among several workers. @param parts whose prices sum to that of the task */
export function settlePartsSteps(task: Priced, parts: readonly PricePart[], at: string): TransactionStep[] {
  const refund = parts.reduce((sum, part) => sum + part.refund, 0);
  const legs: Leg[] = [
    { account: accounts.held(task.buyer_id), amount: -task.price_satoshis },
    { account: accounts.available(task.buyer_id), amount: refund },
    ...parts.map(({ account, price, refund: back }) => ({ account, amount: price - back, earned: true })),
  ];
  return movementSteps({
    id: movementIds.settle(task.id),
    kind: KIND[settlementOf(task.price_satoshis, refund)],
    at,
    taskId: task.id,
    legs,
  });
}

/** The ledger account of an agent. */
export const workerAccount = (agentId: AgentId): string =>
  agentId === DUKE_MM_ID ? accounts.dukeMM : accounts.available(agentId);
