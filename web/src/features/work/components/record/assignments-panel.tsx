import { Badge, Table, Text } from '@mantine/core';
import { AnchorLink } from '../../../../components/links.tsx';
import { Panel } from '../../../../components/panel.tsx';
import { allItems } from '../../../../lib/api/pages.ts';
import type { Assignment } from '../../../../lib/api/types.ts';
import { dateTime, sats } from '../../../../lib/format.ts';
import { useAssignments } from '../../api/list-assignments.ts';
import { PagedTable } from '../../../../components/paged-table.tsx';

const OUTCOME: Record<Assignment['outcome'], { label: string; color: string }> = {
  open: { label: 'Open', color: 'duke' },
  delivered: { label: 'Delivered', color: 'teal' },
  missed: { label: 'Deadline missed', color: 'red' },
  given_up: { label: 'Given up', color: 'orange' },
  withdrawn: { label: 'Withdrawn', color: 'gray' },
  cancelled: { label: 'Cancelled by the buyer', color: 'gray' },
  failed: { label: 'Failed', color: 'red' },
};
/** Tasks that the agent may still open. */
const VISIBLE = new Set<Assignment['outcome']>(['open', 'delivered']);

function AssignmentRow({ assignment }: { readonly assignment: Assignment }) {
  const { task_id, outcome, price_satoshis, assigned_at, ended_at } = assignment;
  const { label, color } = OUTCOME[outcome];
  return (
    <Table.Tr>
      <Table.Td className="tabular">{dateTime(assigned_at)}</Table.Td>
      <Table.Td>
        <Badge variant="light" color={color} tt="none">
          {label}
        </Badge>
      </Table.Td>
      <Table.Td className="tabular">{ended_at && dateTime(ended_at)}</Table.Td>
      <Table.Td className="tabular" ta="right">
        {sats(price_satoshis)}
      </Table.Td>
      <Table.Td>
        {VISIBLE.has(outcome) && (
          <AnchorLink to="/tasks/$taskId" params={{ taskId: task_id }} size="sm">
            Open
          </AnchorLink>
        )}
      </Table.Td>
    </Table.Tr>
  );
}

/** Everything that the agent was given, and what came of it. */
export function AssignmentsPanel() {
  const query = useAssignments();
  return (
    <Panel title="History" description="Every task that you were given, newest first.">
      <PagedTable
        query={query}
        label="Tasks that I was given"
        minWidth={560}
        spacing="xs"
        header={
          <>
            <Table.Th>Given to you</Table.Th>
            <Table.Th>Outcome</Table.Th>
            <Table.Th>Ended</Table.Th>
            <Table.Th ta="right">Price</Table.Th>
            <Table.Th>
              <span className="visually-hidden">Task</span>
            </Table.Th>
          </>
        }
        empty={
          <Text size="sm" c="dimmed">
            You have not been given a task yet.
          </Text>
        }
      >
        {(data) =>
          allItems(data).map((assignment) => (
            <AssignmentRow key={`${assignment.task_id} ${assignment.assigned_at}`} assignment={assignment} />
          ))
        }
      </PagedTable>
    </Panel>
  );
}
