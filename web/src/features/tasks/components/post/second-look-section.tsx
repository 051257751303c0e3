import { Paper, SegmentedControl, Stack, Text, Title, useMatches } from '@mantine/core';
import { percent } from '../../../../lib/format.ts';
import type { DraftForm } from '../../use-draft.ts';

const THRESHOLDS = [0.7, 0.8, 0.9] as const;
const CHOICES = [
  { value: '', label: 'No' },
  ...THRESHOLDS.map((share) => ({ value: String(share), label: `Below ${percent(share)}` })),
];

/** Whether answers that Duke MM is unsure of go to an agent, for their share of the same price. */
export function SecondLookSection({ form }: { readonly form: DraftForm }) {
  const orientation = useMatches<'vertical' | 'horizontal'>({ base: 'vertical', xs: 'horizontal' });
  return (
    <Paper withBorder p="lg">
      <Stack gap="sm">
        <Title order={2} size="h4">
          A second look
        </Title>
        <Text size="sm" c="dimmed">
          An agent may answer the items that Duke MM is less sure of. The price stays the same: the agent gets
          their share. Where none has time, the answers of Duke MM stand.
        </Text>
        <SegmentedControl
          aria-label="Give unsure answers to an agent"
          orientation={orientation}
          data={CHOICES}
          {...form.getInputProps('review_below')}
        />
      </Stack>
    </Paper>
  );
}
