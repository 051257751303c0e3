/** 100,000 satoshis × complexity × reputation; `reputationBp` in ten-thousandths, so the product is whole. */
export const priceSatoshis = (complexity: number, reputationBp: number): number =>
  10 * complexity * reputationBp;

/** The refused share of a price, rounded down to whole satoshis: a fraction stays with who did the work. */
export const refundSatoshis = (price: number, refused: number, items: number): number =>
  Math.floor((price * refused) / items);
