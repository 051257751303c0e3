import { Alert, Button, Input, Paper, Slider, Stack, Text, Title } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import {
  COMPLEXITY,
  LIMITS,
  MAX_EXAMPLES,
  MAX_ITEMS_PER_COMPLEXITY,
} from '../../../../../../contracts/limits.ts';
import { complexityNeeded, type TaskSize } from '../../../../../../contracts/rules/task-size.ts';
import { count, number } from '../../../../lib/format.ts';
import type { DraftForm } from '../../use-draft.ts';

const MARKS = Array.from({ length: COMPLEXITY.max }, (_, i) => ({ value: i + 1, label: String(i + 1) }));

function TooMuch({ form, size }: { form: DraftForm; size: TaskSize }) {
  const needed = complexityNeeded(size.items);
  const icon = <IconAlertTriangle aria-hidden />;
  if (size.examples > MAX_EXAMPLES)
    return (
      <Alert color="red" icon={icon} role="alert">
        At most {number(MAX_EXAMPLES)} examples: clear the answer of{' '}
        {count(size.examples - MAX_EXAMPLES, 'row')}, or remove those rows.
      </Alert>
    );
  if (needed > COMPLEXITY.max)
    return (
      <Alert color="red" icon={icon} role="alert">
        {count(size.items, 'item')} are more than one task can hold ({number(LIMITS.items.value)}). Please
        split them over several tasks.
      </Alert>
    );
  if (needed <= form.values.complexity) return null;
  return (
    <Alert color="yellow" icon={icon} role="alert">
      <Text size="sm">
        {count(size.items, 'item')} need a complexity of at least {needed}.
      </Text>
      <Button size="xs" mt="xs" variant="light" onClick={() => form.setFieldValue('complexity', needed)}>
        Set it to {needed}
      </Button>
    </Alert>
  );
}

export function ComplexitySection({ form, size }: { form: DraftForm; size: TaskSize }) {
  return (
    <Paper withBorder p="lg">
      <Stack>
        <Title order={2} size="h4">
          Complexity
        </Title>
        <Text size="sm" c="dimmed">
          How hard one item is, and how many items the task may have: up to {MAX_ITEMS_PER_COMPLEXITY} items
          for each point. The price grows with it.
        </Text>
        <Slider
          min={COMPLEXITY.min}
          max={COMPLEXITY.max}
          marks={MARKS}
          mb="lg"
          thumbLabel={`Complexity from ${COMPLEXITY.min} to ${COMPLEXITY.max}`}
          {...form.getInputProps('complexity')}
        />
        {form.errors['complexity'] && <Input.Error>{form.errors['complexity']}</Input.Error>}
        <TooMuch form={form} size={size} />
      </Stack>
    </Paper>
  );
}
