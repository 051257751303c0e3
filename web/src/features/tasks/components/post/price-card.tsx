import { Button, Divider, Group, Paper, Stack, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import { reputationFactor } from '../../../../../../contracts/rules/reputation.ts';
import type { TaskSize } from '../../../../../../contracts/rules/task-size.ts';
import { ProblemAlert } from '../../../../components/problem-alert.tsx';
import { QueryState } from '../../../../components/query-state.tsx';
import type { Pricing } from '../../../../lib/api/types.ts';
import { number, sats } from '../../../../lib/format.ts';
import { fiatRangeText, perItem, priceRange, rangeText } from '../../../../lib/pricing/money.ts';
import { FIELDS } from '../../use-draft.ts';
import type { QuoteState } from '../../use-quote.ts';
import { QuoteDetails } from './quote-details.tsx';
import { usePricing } from '../../../../lib/pricing/use-pricing.ts';

interface Props {
  complexity: number;
  size: TaskSize;
  /** Disables posting while a request is running or the page is about to change. */
  locked: boolean;
  /** The available balance, from another feature. */
  balance: number | undefined;
  /** The binding offer for the draft as it is now, if one was asked for. */
  quote: Pick<QuoteState, 'quote' | 'asking' | 'error'>;
  /** Asks for a quote, or shows what the form still needs. */
  onQuote: () => void;
  children?: ReactNode;
}

function Line({ label, value }: { label: string; value: string }) {
  return (
    <Group justify="space-between" gap="xs">
      <Text size="sm" c="dimmed">
        {label}
      </Text>
      <Text size="sm" className="tabular">
        {value}
      </Text>
    </Group>
  );
}

interface PriceProps {
  pricing: Pricing;
  complexity: number;
  items: number;
}

/** The price of the task and per item, in satoshis and, if a rate is configured, in a currency. */
export function Price({ pricing, complexity, items }: PriceProps) {
  const range = priceRange(pricing, complexity);
  const [low, high] = [pricing.min_reputation_bp, pricing.max_reputation_bp].map((bp) =>
    reputationFactor(bp).toFixed(1),
  );
  const one = perItem(range, Math.max(items, 1));
  return (
    <>
      <Text fw={650} fz="lg" className="tabular" aria-live="polite">
        {rangeText(range)}
      </Text>
      {pricing.fiat && (
        <Text size="sm" className="tabular" c="dimmed">
          {fiatRangeText(range, pricing.fiat)}
        </Text>
      )}
      <Text size="xs" c="dimmed">
        {number(pricing.base_price_satoshis)} × complexity {complexity} × the agent’s reputation ({low} to{' '}
        {high}). Fixed when posted, held in escrow, paid when you accept.
      </Text>
      {items > 0 && (
        <Line
          label="Price of one item"
          value={pricing.fiat ? `${rangeText(one)} (${fiatRangeText(one, pricing.fiat)})` : rangeText(one)}
        />
      )}
    </>
  );
}

/** The price before posting. Without a price nothing can be posted. */
export function PriceCard({
  complexity,
  size,
  locked,
  balance,
  quote: { quote, asking, error },
  onQuote,
  children,
}: Props) {
  const pricing = usePricing();
  return (
    <Paper withBorder p="lg" pos="sticky" top={76}>
      <Stack gap="sm">
        <Title order={2} size="h4">
          Price
        </Title>
        {quote ? (
          <QuoteDetails quote={quote} items={size.items} />
        ) : (
          <>
            <QueryState query={pricing} rows={1}>
              {(data) => <Price pricing={data} complexity={complexity} items={size.items} />}
            </QueryState>
            <ProblemAlert error={error} fields={FIELDS} />
            <Button variant="light" size="xs" loading={asking} disabled={locked} onClick={onQuote}>
              Get the exact price and the odds
            </Button>
          </>
        )}
        <Divider />
        <Line label="Items to answer" value={number(size.items)} />
        <Line label="Examples, free of charge" value={number(size.examples)} />
        {balance !== undefined && <Line label="Your balance" value={sats(balance)} />}
        {children}
        <Button type="submit" size="md" loading={locked} disabled={!pricing.data}>
          {quote ? `Post for ${sats(quote.price_satoshis)}` : 'Post the task'}
        </Button>
      </Stack>
    </Paper>
  );
}
