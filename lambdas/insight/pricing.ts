import type { Pricing } from '../../contracts/api/insight.ts';
import { MAX_REPUTATION_BP, MIN_REPUTATION_BP } from '../../contracts/rules/reputation.ts';

/** The variables of the function that the answer shows. */
export interface PricingSettings {
  readonly BASE_PRICE_SATOSHIS: number;
  readonly FIAT_CURRENCY?: string | undefined;
  readonly FIAT_SATOSHIS_PER_UNIT?: number | undefined;
}

/** The price settings of the stage, as the API shows them. */
export const pricing = (settings: PricingSettings): Pricing => ({
  base_price_satoshis: settings.BASE_PRICE_SATOSHIS,
  min_reputation_bp: MIN_REPUTATION_BP,
  max_reputation_bp: MAX_REPUTATION_BP,
  fiat:
    settings.FIAT_CURRENCY !== undefined && settings.FIAT_SATOSHIS_PER_UNIT !== undefined
      ? { currency: settings.FIAT_CURRENCY, satoshis_per_unit: settings.FIAT_SATOSHIS_PER_UNIT }
      : null,
});
