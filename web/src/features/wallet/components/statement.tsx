import { EmptyState, Table, Text } from '@mantine/core';
import { IconReceipt2 } from '@tabler/icons-react';
import { AnchorLink } from '../../../components/links.tsx';
import { allItems } from '../../../lib/api/pages.ts';
import { dateTime, sats, signedSats } from '../../../lib/format.ts';
import { useEntries } from '../api/list-entries.ts';
import { useTaskToName } from '../api/get-task-name.ts';
import { statementOf, type StatementLine } from '../statement.ts';
import { courseOf, WHAT } from '../words.ts';
import { PagedTable } from '../../../components/paged-table.tsx';

function TaskName({ id }: { readonly id: string }) {
  const { data } = useTaskToName(id);
  return (
    <AnchorLink to="/tasks/$taskId" params={{ taskId: id }} size="sm" lineClamp={1}>
      {data?.description ?? 'Task'}
    </AnchorLink>
  );
}

function Line({ line }: { readonly line: StatementLine }) {
  const { at, what, taskId, change, reason, actorId } = line;
  const course = courseOf(line);
  return (
    <Table.Tr>
      <Table.Td className="tabular">{dateTime(at)}</Table.Td>
      <Table.Td>
        {taskId === undefined ? WHAT[what] : <TaskName id={taskId} />}
        {[course, reason, actorId && `by administrator ${actorId}`].filter(Boolean).map((text) => (
          <Text key={text} size="xs" c="dimmed">
            {text}
          </Text>
        ))}
      </Table.Td>
      <Table.Td className={change > 0 ? 'tabular gain' : 'tabular'} ta="right" fw={600}>
        {change === 0 ? sats(0) : signedSats(change)}
      </Table.Td>
    </Table.Tr>
  );
}

/** What moved the balance: one line per task, and each deposit, withdrawal and credit. */
export function Statement() {
  const query = useEntries();
  return (
    <PagedTable
      query={query}
      label="Statement"
      minWidth={520}
      header={
        <>
          <Table.Th>When</Table.Th>
          <Table.Th>What</Table.Th>
          <Table.Th ta="right">Balance</Table.Th>
        </>
      }
      empty={
        <EmptyState
          icon={<IconReceipt2 aria-hidden />}
          title="No movements yet"
          description="Each task, deposit and withdrawal will be one line here."
        />
      }
    >
      {(data) => statementOf(allItems(data)).map((line) => <Line key={line.key} line={line} />)}
    </PagedTable>
  );
}
