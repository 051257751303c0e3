import { Badge, Button, Collapse, Divider, Group, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconChevronDown, IconChevronUp } from '@tabler/icons-react';
import { ItemView } from '../../../../components/media/item-view.tsx';
import { LoadMore } from '../../../../components/load-more.tsx';
import { QueryState } from '../../../../components/query-state.tsx';
import { allItems } from '../../../../lib/api/pages.ts';
import { count } from '../../../../lib/format.ts';
import { useExamples } from '../../api/list-examples.ts';

/** What the buyer considers right, on demand. */
export function ExamplesPanel({ taskId, examples }: { readonly taskId: string; readonly examples: number }) {
  const [opened, { toggle }] = useDisclosure();
  const query = useExamples(taskId, opened);
  if (examples === 0) return null;
  const Chevron = opened ? IconChevronUp : IconChevronDown;
  return (
    <div>
      <Button
        variant="subtle"
        size="compact-sm"
        aria-expanded={opened}
        rightSection={<Chevron size={16} aria-hidden />}
        onClick={toggle}
      >
        {count(examples, 'example')} of the buyer
      </Button>
      <Collapse expanded={opened}>
        {opened && (
          <QueryState query={query} rows={1}>
            {(data) => (
              <Stack mt="sm" gap="sm">
                {allItems(data).map(({ id, expected, ...item }) => (
                  <div key={id}>
                    <Group gap="xs" mb={4}>
                      <Text size="xs" c="dimmed">
                        Right answer
                      </Text>
                      <Badge variant="default" tt="none" fw={500} maw="100%">
                        {expected}
                      </Badge>
                    </Group>
                    <ItemView item={item} />
                    <Divider mt="sm" />
                  </div>
                ))}
                <LoadMore query={query} />
              </Stack>
            )}
          </QueryState>
        )}
      </Collapse>
    </div>
  );
}
