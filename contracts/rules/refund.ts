import type { Settlement } from '../entities/task-fields.ts';

/** The number of items that a verdict refuses: those that a rejection lists, none for an acceptance. */
export const refusedItems = (verdict: 'accept' | 'reject', corrections: readonly unknown[]): number =>
  verdict === 'reject' ? corrections.length : 0;

/** The refused share of a price, rounded down to whole satoshis: the fraction of a satoshi goes to the agent. */
export const refundSatoshis = (price: number, refused: number, items: number): number =>
  items === 0 ? 0 : Math.floor((price * refused) / items);

/** How the price of a judged task was divided. */
export const settlementOf = (price: number, refund: number): Exclude<Settlement, 'held'> =>
  refund === 0 ? 'released' : refund === price ? 'refunded' : 'split';
