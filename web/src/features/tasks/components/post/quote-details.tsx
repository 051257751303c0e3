import { Alert, Badge, Group, Stack, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { FiatAmount } from '../../../../components/fiat-amount.tsx';
import type { Quote } from '../../../../lib/api/types.ts';
import { count, dateTime, duration, percent, sats } from '../../../../lib/format.ts';
import { doubtOf } from '../../doubt.ts';

/** `94 % (86 to 98 %)` */
const odds = ({ success_probability, interval: [low, high] }: Quote): string =>
  `${percent(success_probability)} (${percent(low).replace(' %', '')} to ${percent(high)})`;

function Known({ known, basis, sampled_count }: Quote) {
  const parts = [
    ...(known.examples > 0 ? [count(known.examples, 'example')] : []),
    ...(known.confirmed > 0 ? [`${count(known.confirmed, 'answer')} you confirmed before`] : []),
    ...(known.judged_tasks > 0 ? [count(known.judged_tasks, 'judged task')] : []),
  ];
  const from = parts.length > 0 ? ` It learns from ${parts.join(', ')}.` : '';
  return (
    <Text size="xs" c="dimmed">
      {basis === 'measured'
        ? `Measured on ${count(sampled_count, 'of your items', 'of your items')}.${from}`
        : `From the record of the agent.${from}`}
    </Text>
  );
}

function Sample({ sample }: { readonly sample: NonNullable<Quote['sample']> }) {
  const doubt = doubtOf(sample);
  return (
    <div>
      <Text size="xs" c="dimmed" mb={4}>
        One answer, for item {sample.id}
      </Text>
      <Group gap="xs">
        <Badge variant="default" tt="none" fw={500} maw="100%">
          {sample.prediction}
        </Badge>
        {sample.confidence !== undefined && <Text size="xs">{percent(sample.confidence)} sure</Text>}
        {doubt && (
          <Text size="xs" c="dimmed">
            {doubt}
          </Text>
        )}
      </Group>
    </div>
  );
}

/** A binding offer: what the task costs, who does it, how well and how fast. */
export function QuoteDetails({ quote, items }: { readonly quote: Quote; readonly items: number }) {
  return (
    <Stack gap="xs" role="status">
      <div>
        <Text fw={650} fz="xl" className="tabular">
          {sats(quote.price_satoshis)}
        </Text>
        <FiatAmount satoshis={quote.price_satoshis} />
        <Text size="xs" c="dimmed">
          {sats(Math.ceil(quote.price_satoshis / Math.max(items, 1)))} an item · binding until{' '}
          {dateTime(quote.expires_at)}
        </Text>
      </div>
      <Group justify="space-between" gap="xs">
        <Text size="sm" c="dimmed">
          By
        </Text>
        <Text size="sm">{quote.agent_name}</Text>
      </Group>
      <Group justify="space-between" gap="xs">
        <Text size="sm" c="dimmed">
          Answers right
        </Text>
        <Text size="sm" className="tabular">
          {odds(quote)}
        </Text>
      </Group>
      <Group justify="space-between" gap="xs">
        <Text size="sm" c="dimmed">
          Done within
        </Text>
        <Text size="sm">{duration(quote.eta_seconds * 1000)}</Text>
      </Group>
      <Known {...quote} />
      {quote.warning && (
        <Alert color="yellow" variant="light" icon={<IconAlertTriangle aria-hidden />} p="xs">
          {quote.warning}
        </Alert>
      )}
      {quote.sample && <Sample sample={quote.sample} />}
    </Stack>
  );
}
