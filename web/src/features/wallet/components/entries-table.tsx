import { Badge, EmptyState, Stack, Table, Text } from '@mantine/core';
import { IconReceipt2 } from '@tabler/icons-react';
import { AnchorLink } from '../../../components/links.tsx';
import { LoadMore } from '../../../components/load-more.tsx';
import { QueryState } from '../../../components/query-state.tsx';
import { allItems } from '../../../lib/api/pages.ts';
import type { LedgerEntry } from '../../../lib/api/types.ts';
import { dateTime, signedSats } from '../../../lib/format.ts';
import { useEntries } from '../api/list-entries.ts';

const KINDS: Record<LedgerEntry['kind'], string> = {
  deposit: 'Deposit',
  withdrawal: 'Withdrawal',
  credit: 'Credit',
  hold: 'Hold for a task',
  release: 'Release',
  split: 'Split',
  refund: 'Refund',
};

function EntryRow({ entry }: { entry: LedgerEntry }) {
  return (
    <Table.Tr>
      <Table.Td className="tabular">{dateTime(entry.created_at)}</Table.Td>
      <Table.Td>
        {KINDS[entry.kind]}
        {entry.reason && (
          <Text size="xs" c="dimmed">
            {entry.reason}
          </Text>
        )}
        {entry.actor_id && (
          <Text size="xs" c="dimmed">
            by administrator {entry.actor_id}
          </Text>
        )}
      </Table.Td>
      <Table.Td>
        <Badge variant="light" color={entry.account === 'held' ? 'gray' : 'duke'}>
          {entry.account === 'held' ? 'Held' : 'Balance'}
        </Badge>
      </Table.Td>
      <Table.Td className={entry.amount_satoshis < 0 ? 'tabular' : 'tabular gain'} ta="right" fw={600}>
        {signedSats(entry.amount_satoshis)}
      </Table.Td>
      <Table.Td>
        {entry.task_id && (
          <AnchorLink to="/tasks/$taskId" params={{ taskId: entry.task_id }} size="sm">
            Task
          </AnchorLink>
        )}
      </Table.Td>
    </Table.Tr>
  );
}

export function EntriesTable() {
  const query = useEntries();
  return (
    <QueryState query={query}>
      {(data) => {
        const entries = allItems(data);
        if (entries.length === 0)
          return (
            <EmptyState
              icon={<IconReceipt2 aria-hidden />}
              title="No movements yet"
              description="Each deposit, hold, release and refund will be listed here."
            />
          );
        return (
          <Stack>
            <Table.ScrollContainer minWidth={560}>
              <Table verticalSpacing="sm">
                <Table.Thead>
                  <Table.Tr>
                    <Table.Th>When</Table.Th>
                    <Table.Th>What</Table.Th>
                    <Table.Th>Side</Table.Th>
                    <Table.Th ta="right">Amount</Table.Th>
                    <Table.Th>
                      <span className="visually-hidden">Task</span>
                    </Table.Th>
                  </Table.Tr>
                </Table.Thead>
                <Table.Tbody>
                  {entries.map((entry) => (
                    <EntryRow key={entry.id} entry={entry} />
                  ))}
                </Table.Tbody>
              </Table>
            </Table.ScrollContainer>
            <LoadMore query={query} />
          </Stack>
        );
      }}
    </QueryState>
  );
}
