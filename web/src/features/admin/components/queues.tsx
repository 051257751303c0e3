import { Badge, Table } from '@mantine/core';
import { Panel } from '../../../components/panel.tsx';
import { TableScroll } from '../../../components/table-scroll.tsx';
import type { SystemMetrics } from '../../../lib/api/types.ts';
import { number } from '../../../lib/format.ts';

/** How many messages each queue holds; those that were given up need somebody to look at them. */
export function Queues({ queues }: Pick<SystemMetrics, 'queues'>) {
  return (
    <Panel title="Queues now">
      <TableScroll minWidth={520}>
        <Table aria-label="Queues">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Queue</Table.Th>
              <Table.Th ta="right">Waiting</Table.Th>
              <Table.Th ta="right">In work</Table.Th>
              <Table.Th ta="right">Given up</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {queues.map(({ name, waiting, in_flight, given_up }) => (
              <Table.Tr key={name}>
                <Table.Td>{name}</Table.Td>
                <Table.Td ta="right" className="tabular">
                  {number(waiting)}
                </Table.Td>
                <Table.Td ta="right" className="tabular">
                  {number(in_flight)}
                </Table.Td>
                <Table.Td ta="right" className="tabular">
                  {given_up > 0 ? <Badge color="red">{number(given_up)}</Badge> : number(given_up)}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </TableScroll>
    </Panel>
  );
}
