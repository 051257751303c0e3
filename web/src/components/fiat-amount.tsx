import { Text } from '@mantine/core';
import { fiatText } from '../lib/pricing/money.ts';
import { usePricing } from '../lib/pricing/use-pricing.ts';

/** An amount in the currency of the stage, next to the satoshis; nothing if no rate is configured. */
export function FiatAmount({ satoshis }: { satoshis: number }) {
  const fiat = usePricing().data?.fiat;
  if (!fiat) return null;
  return (
    <Text span size="xs" c="dimmed" className="tabular">
      {fiatText(satoshis, fiat)}
    </Text>
  );
}
