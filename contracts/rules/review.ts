/** The reviewing agent's part of a price, rounded down to whole satoshis; Duke MM gets the rest. */
export const reviewPriceSatoshis = (price: number, reviewed: number, items: number): number =>
  Math.floor((price * reviewed) / items);

/** Whether an answer is reviewed by an agent. */
export const isUnsure = (confidence: number | undefined, reviewBelow: number): boolean =>
  confidence === undefined || confidence < reviewBelow;
