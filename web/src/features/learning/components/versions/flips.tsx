import { Progress, Text } from '@mantine/core';
import type { ModelMetrics } from '../../../../lib/api/types.ts';
import { number } from '../../../../lib/format.ts';

type FlipCounts = NonNullable<ModelMetrics['flips']>;

/** What is right that was wrong, and the other way round. */
export function FlipsBar({ flips, production }: { flips: FlipCounts; production: string }) {
  const { positive, negative, items, relative } = flips;
  const changed = positive + negative;
  return (
    <div>
      <Text size="sm" mb={6}>
        Of {number(items)} items judged by word, <b className="gain">{number(positive)}</b> are right that{' '}
        {production} has wrong, and <b className={negative > 0 ? 'trouble' : 'tabular'}>{number(negative)}</b>{' '}
        the other way round (negative flips)
        {relative !== null && `: ${relative.toFixed(2)} of what two independent versions would show`}.
      </Text>
      {changed > 0 && (
        <Progress.Root size="lg" aria-hidden>
          <Progress.Section value={(100 * positive) / changed} color="teal" />
          <Progress.Section value={(100 * negative) / changed} color="red" />
        </Progress.Root>
      )}
    </div>
  );
}
