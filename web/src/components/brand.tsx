import { Group, Text } from '@mantine/core';

/**
 * @param compact shows only the symbol
 */
export function Brand({ size = 28, compact = false }: { size?: number; compact?: boolean }) {
  return (
    <Group gap="xs" wrap="nowrap">
      <img src="/favicon.svg" alt="" width={size} height={size} />
      <Text
        fw={700}
        fz={size * 0.72}
        lh={1}
        {...(compact && { visibleFrom: 'xs' })}
        style={{ letterSpacing: '-0.02em' }}
      >
        DukeNET
      </Text>
    </Group>
  );
}
