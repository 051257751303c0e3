import { priceSatoshis } from '../../../../contracts/rules/price.ts';
import type { CreateTask, Pricing } from '../api/types.ts';
import { number, sats } from '../format.ts';

export type Fiat = NonNullable<Pricing['fiat']>;
export interface PriceRange {
  readonly low: number;
  readonly high: number;
}

/** Price range of a task of this complexity: its agent, and so the reputation factor, is chosen when it is posted. */
export const priceRange = (pricing: Pricing, complexity: number): PriceRange => ({
  low: priceSatoshis(pricing.base_price_satoshis, complexity, pricing.min_reputation_bp),
  high: priceSatoshis(pricing.base_price_satoshis, complexity, pricing.max_reputation_bp),
});

/** Price range per item, rounded up, so that the shown price is never too low. */
export const perItem = ({ low, high }: PriceRange, items: number): PriceRange => ({
  low: Math.ceil(low / items),
  high: Math.ceil(high / items),
});

/** `120,000 – 200,000 sat`, `5 sat` where both ends are equal. */
export const rangeText = ({ low, high }: PriceRange): string =>
  low === high ? sats(high) : `${number(low)} – ${sats(high)}`;

/** Amounts below one unit of a currency keep two significant digits: `€0.0042`. */
function currencyFormat(currency: string, amount: number): Intl.NumberFormat {
  const digits = amount !== 0 && Math.abs(amount) < 1 ? { maximumSignificantDigits: 2 } : {};
  return new Intl.NumberFormat('en-US', { style: 'currency', currency, ...digits });
}

/** `≈ €1.74`; payments are in satoshis. */
export function fiatText(satoshis: number, fiat: Fiat): string {
  const amount = satoshis / fiat.satoshis_per_unit;
  return `≈ ${currencyFormat(fiat.currency, amount).format(amount)}`;
}

/** `≈ €1.04 – €1.74` */
export function fiatRangeText({ low, high }: PriceRange, fiat: Fiat): string {
  if (low === high) return fiatText(high, fiat);
  const to = high / fiat.satoshis_per_unit;
  return `${fiatText(low, fiat)} – ${currencyFormat(fiat.currency, to).format(to)}`;
}

/** The maximum price to post with: a higher one than shown is rejected, and then shown. */
export function withinPrice(body: CreateTask, pricing: Pricing | undefined): CreateTask {
  if (!pricing) return body;
  const { high } = priceRange(pricing, body.complexity);
  return { ...body, max_price_satoshis: Math.min(body.max_price_satoshis ?? high, high) };
}
