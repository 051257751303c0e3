import { Progress, Text } from '@mantine/core';
import type { ModelMetrics } from '../../../../lib/api/types.ts';
import { number } from '../../../../lib/format.ts';

type FlipCounts = NonNullable<ModelMetrics['flips']>;

/** Items that the candidate gained and lost against production (positive and negative flips). */
export function FlipsBar({ flips, production }: { flips: FlipCounts; production: string }) {
  const { positive, negative, items, relative } = flips;
  const changed = positive + negative;
  return (
    <div>
      <Text size="sm" mb={6}>
        Of {number(items)} items with exact answers, <b className="gain">{number(positive)} gained</b> and{' '}
        <b className={negative > 0 ? 'trouble' : 'tabular'}>{number(negative)} lost</b> against {production}
        {relative !== null &&
          ` (losses are ${relative.toFixed(2)} of what two independent versions would show)`}
        .
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
