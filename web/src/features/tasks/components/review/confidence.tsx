import { Group, Progress, Text } from '@mantine/core';
import { isSure } from '../../../../../../contracts/rules/confidence.ts';
import { percent } from '../../../../lib/format.ts';

export function Confidence({ value }: { value: number | undefined }) {
  if (value === undefined)
    return (
      <Text size="sm" c="dimmed">
        not stated
      </Text>
    );
  const color = isSure(value) ? 'teal' : 'yellow';
  return (
    <Group gap="xs" wrap="nowrap" miw={110}>
      <Progress value={value * 100} color={color} size="sm" flex={1} aria-hidden />
      <Text size="sm" className="tabular" w={42} ta="right">
        {percent(value)}
      </Text>
    </Group>
  );
}
