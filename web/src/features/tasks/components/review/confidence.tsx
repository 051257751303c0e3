import { Group, Progress, Text } from '@mantine/core';
import { percent } from '../../../../lib/format.ts';
import { UNSURE_BELOW } from '../../order-rows.ts';

export function Confidence({ value }: { value: number | undefined }) {
  if (value === undefined)
    return (
      <Text size="sm" c="dimmed">
        not stated
      </Text>
    );
  const color = value < UNSURE_BELOW ? 'yellow' : 'teal';
  return (
    <Group gap="xs" wrap="nowrap" miw={110}>
      <Progress value={value * 100} color={color} size="sm" flex={1} aria-hidden />
      <Text size="sm" className="tabular" w={42} ta="right">
        {percent(value)}
      </Text>
    </Group>
  );
}
