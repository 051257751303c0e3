import { Alert, Button, Input, Paper, Slider, Stack, Text, Title } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { count, number } from '../../../../lib/format.ts';
import {
  complexityNeeded,
  MAX_COMPLEXITY,
  MAX_EXAMPLES,
  MAX_ITEMS_PER_COMPLEXITY,
  type Counts,
} from '../../draft.ts';
import type { DraftForm } from '../../use-draft.ts';

const MARKS = Array.from({ length: MAX_COMPLEXITY }, (_, i) => ({ value: i + 1, label: String(i + 1) }));

function TooMuch({ form, counts }: { form: DraftForm; counts: Counts }) {
  const needed = complexityNeeded(counts.items);
  const icon = <IconAlertTriangle aria-hidden />;
  if (counts.examples > MAX_EXAMPLES)
    return (
      <Alert color="red" icon={icon} role="alert">
        At most {number(MAX_EXAMPLES)} examples: clear the answer of{' '}
        {count(counts.examples - MAX_EXAMPLES, 'row')}, or remove those rows.
      </Alert>
    );
  if (needed > MAX_COMPLEXITY)
    return (
      <Alert color="red" icon={icon} role="alert">
        {count(counts.items, 'item')} are more than one task can hold (
        {number(MAX_COMPLEXITY * MAX_ITEMS_PER_COMPLEXITY)}). Please split them over several tasks.
      </Alert>
    );
  if (needed <= form.values.complexity) return null;
  return (
    <Alert color="yellow" icon={icon} role="alert">
      <Text size="sm">
        {count(counts.items, 'item')} need a complexity of at least {needed}.
      </Text>
      <Button size="xs" mt="xs" variant="light" onClick={() => form.setFieldValue('complexity', needed)}>
        Set it to {needed}
      </Button>
    </Alert>
  );
}

export function ComplexitySection({ form, counts }: { form: DraftForm; counts: Counts }) {
  return (
    <Paper withBorder p="lg">
      <Stack>
        <Title order={2} size="h4">
          Complexity
        </Title>
        <Text size="sm" c="dimmed">
          How hard one answer is, and how many there may be: up to {MAX_ITEMS_PER_COMPLEXITY} items for each
          point. The price grows with it.
        </Text>
        <Slider
          min={1}
          max={MAX_COMPLEXITY}
          marks={MARKS}
          mb="lg"
          thumbLabel="Complexity from 1 to 10"
          {...form.getInputProps('complexity')}
        />
        {form.errors['complexity'] && <Input.Error>{form.errors['complexity']}</Input.Error>}
        <TooMuch form={form} counts={counts} />
      </Stack>
    </Paper>
  );
}
