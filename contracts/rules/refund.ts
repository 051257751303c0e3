import type { Settlement } from '../entities/task-fields.ts';

/** How many items a verdict refuses: a rejection those that it corrects, an acceptance none. */
export const refusedItems = (verdict: 'accept' | 'reject', corrections: readonly unknown[]): number =>
  verdict === 'reject' ? corrections.length : 0;

/** The refused share of a price, rounded down to whole satoshis: the fraction of a satoshi goes to the agent. */
export const refundSatoshis = (price: number, refused: number, items: number): number =>
  items === 0 ? 0 : Math.floor((price * refused) / items);

/** Where the price of a judged task went. */
export const settlementOf = (price: number, refund: number): Exclude<Settlement, 'held'> =>
  refund === 0 ? 'released' : refund === price ? 'refunded' : 'split';
