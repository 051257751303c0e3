/** Price = 100,000 sat × complexity × reputation; reputation is 1.2 to 2.0 and known once the agent is chosen. */
export const BASE_PRICE_SATOSHIS = 100_000;
export const REPUTATION_RANGE = [1.2, 2] as const;

export const priceRange = (complexity: number): readonly [low: number, high: number] => {
  const base = BASE_PRICE_SATOSHIS * complexity;
  const [low, high] = REPUTATION_RANGE;
  return [Math.round(base * low), Math.round(base * high)];
};
