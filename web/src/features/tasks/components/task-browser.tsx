import { Button, Group, Stack, Text, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { IconSearch } from '@tabler/icons-react';
import { useState } from 'react';
import { LoadMore } from '../../../components/load-more.tsx';
import { QueryState } from '../../../components/query-state.tsx';
import { allItems } from '../../../lib/api/pages.ts';
import type { Task } from '../../../lib/api/types.ts';
import { number } from '../../../lib/format.ts';
import type { User } from '../../../lib/session/index.ts';
import { useTasks } from '../api/list-tasks.ts';
import { FILTERS, searchTasks, TASK_FILTERS, type TaskFilter } from '../task-filters.ts';
import { AcceptAllButton } from './accept-all-button.tsx';
import { TaskList } from './task-list.tsx';
import { TasksEmpty } from './tasks-empty.tsx';

/** After this pause in typing the address has the search too. */
const KEEP_AFTER_MS = 300;

export interface TaskView {
  /** Undefined: all tasks. */
  readonly show: TaskFilter | undefined;
  readonly search: string;
}

interface Props {
  readonly role: User['user_type'];
  readonly view: TaskView;
  readonly onView: (view: TaskView) => void;
}

function Filters({ tasks, view, onView }: Omit<Props, 'role'> & { readonly tasks: readonly Task[] }) {
  const choices = [
    { show: undefined, label: 'All', found: tasks.length },
    ...TASK_FILTERS.map((show) => ({
      show,
      label: FILTERS[show].label,
      found: tasks.filter(FILTERS[show].shows).length,
    })),
  ];
  return (
    <Group gap={6} role="group" aria-label="Show tasks">
      {choices
        .filter(({ show, found }) => found > 0 || show === view.show || show === undefined)
        .map(({ show, label, found }) => (
          <Button
            key={label}
            size="compact-sm"
            variant={show === view.show ? 'light' : 'subtle'}
            color={show === view.show ? 'duke' : 'gray'}
            aria-pressed={show === view.show}
            onClick={() => onView({ ...view, show })}
          >
            {label} {number(found)}
          </Button>
        ))}
    </Group>
  );
}

/** The tasks of a buyer, or all of them, with what is found and counted in those that are loaded. */
export function TaskBrowser({ role, view, onView }: Props) {
  const query = useTasks();
  const [search, setSearch] = useState(view.search);
  const keepSearch = useDebouncedCallback(
    (text: string) => onView({ ...view, search: text.trim() }),
    KEEP_AFTER_MS,
  );
  return (
    <QueryState query={query}>
      {(data) => {
        const all = allItems(data);
        if (all.length === 0) return <TasksEmpty role={role} filtered={false} />;
        const found = searchTasks(all, search);
        const shown = view.show === undefined ? found : found.filter(FILTERS[view.show].shows);
        return (
          <Stack>
            <Group justify="space-between" gap="sm">
              <Filters tasks={found} view={view} onView={onView} />
              <TextInput
                type="search"
                size="xs"
                aria-label="Search tasks"
                placeholder="Search"
                leftSection={<IconSearch size={14} aria-hidden />}
                value={search}
                onChange={(event) => {
                  setSearch(event.currentTarget.value);
                  keepSearch(event.currentTarget.value);
                }}
              />
            </Group>
            {role === 'buyer' && view.show === 'review' && shown.length > 1 && (
              <Group>
                <AcceptAllButton tasks={shown} />
              </Group>
            )}
            {shown.length === 0 ? <TasksEmpty role={role} filtered /> : <TaskList tasks={shown} />}
            {query.hasNextPage && (
              <Text size="xs" c="dimmed" ta="center">
                Counted and searched: the newest {number(all.length)} tasks.
              </Text>
            )}
            <LoadMore query={query} />
          </Stack>
        );
      }}
    </QueryState>
  );
}
