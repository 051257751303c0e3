/**
 * What a task costs and what a rejection returns. One definition for the server, which moves the money, and the page,
 * which names it beforehand. This file imports nothing, so that a page does not load the schemas for it.
 */

/** Reputation in ten-thousandths: every agent's lies between these two. */
export const MIN_REPUTATION_BP = 12_000;
export const MAX_REPUTATION_BP = 20_000;
const ONE_BP = 10_000;

/** Base price of a stage that sets none: satoshis for complexity 1 at reputation 1.0. */
export const DEFAULT_BASE_PRICE_SATOSHIS = 100_000;
/** One bitcoin: a price stays far below the integers that JavaScript keeps exact. */
export const MAX_BASE_PRICE_SATOSHIS = 100_000_000;

/** Base price × complexity × reputation, rounded down to whole satoshis. */
export const priceSatoshis = (basePriceSatoshis: number, complexity: number, reputationBp: number): number =>
  Math.floor((basePriceSatoshis * complexity * reputationBp) / ONE_BP);

/** The refused share of a price, rounded down to whole satoshis: a fraction stays with who did the work. */
export const refundSatoshis = (price: number, refused: number, items: number): number =>
  items === 0 ? 0 : Math.floor((price * refused) / items);
