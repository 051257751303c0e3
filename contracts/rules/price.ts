import { BASIS_POINTS } from './reputation.ts';

/** Default base price of a stage: satoshis for complexity 1 at reputation 1.0. */
export const DEFAULT_BASE_PRICE_SATOSHIS = 100_000;
/** One bitcoin, so that every price is exact as a JavaScript number. */
export const MAX_BASE_PRICE_SATOSHIS = 100_000_000;

/** Base price × complexity × reputation, rounded down to whole satoshis. */
export const priceSatoshis = (basePriceSatoshis: number, complexity: number, reputationBp: number): number =>
  Math.floor((basePriceSatoshis * complexity * reputationBp) / BASIS_POINTS);
