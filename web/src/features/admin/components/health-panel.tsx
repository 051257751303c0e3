import { Badge, Group, Text } from '@mantine/core';
import { Panel } from '../../../components/panel.tsx';
import { QueryState } from '../../../components/query-state.tsx';
import { useHealth } from '../api/get-health.ts';

const LOOK = {
  ok: { color: 'teal', label: 'OK' },
  degraded: { color: 'orange', label: 'Changing' },
  down: { color: 'red', label: 'Down' },
} as const;
const PART = { table: 'Table', bucket: 'Files', endpoint: 'Duke MM' } as const;

/** Whether each part of the platform answers. */
export function HealthPanel() {
  const query = useHealth();
  return (
    <Panel title="Health">
      <QueryState query={query} rows={1}>
        {({ checks, version }) => (
          <Group gap="xl">
            {Object.entries(PART).map(([part, label]) => {
              const { status, detail } = checks[part as keyof typeof PART];
              return (
                <Group key={part} gap={8} title={detail}>
                  <Text size="sm">{label}</Text>
                  <Badge variant="light" color={LOOK[status].color}>
                    {LOOK[status].label}
                  </Badge>
                </Group>
              );
            })}
            <Text size="xs" c="dimmed">
              release {version}
            </Text>
          </Group>
        )}
      </QueryState>
    </Panel>
  );
}
