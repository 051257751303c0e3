import { Select, Stack, Table, Text } from '@mantine/core';
import { AnchorLink } from '../../../components/links.tsx';
import { allItems } from '../../../lib/api/pages.ts';
import type { AuditEntry } from '../../../lib/api/types.ts';
import { dateTime } from '../../../lib/format.ts';
import { useAuditLog, type AuditAction } from '../api/list-audit-log.ts';
import { ACTION, detailsText, isAboutAccount, isAuditAction } from '../audit-words.ts';
import { AccountName } from './account-name.tsx';
import { PagedTable } from '../../../components/paged-table.tsx';

const ACTIONS = Object.entries(ACTION).map(([value, label]) => ({ value, label }));

function Subject({ entry }: { readonly entry: AuditEntry }) {
  const { action, subject } = entry;
  if (isAboutAccount(entry)) return <AccountName id={subject} />;
  if (action === 'model.promoted')
    return (
      <AnchorLink to="/model/versions/$version" params={{ version: subject }} size="sm">
        Version {subject}
      </AnchorLink>
    );
  return subject;
}

function EntryRow({ entry }: { readonly entry: AuditEntry }) {
  return (
    <Table.Tr>
      <Table.Td className="tabular">{dateTime(entry.at)}</Table.Td>
      <Table.Td>
        <AccountName id={entry.actor_id} />
      </Table.Td>
      <Table.Td>{ACTION[entry.action]}</Table.Td>
      <Table.Td>
        <Subject entry={entry} />
      </Table.Td>
      <Table.Td>
        <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
          {detailsText(entry)}
        </Text>
      </Table.Td>
    </Table.Tr>
  );
}

interface Props {
  readonly action: AuditAction | undefined;
  readonly onAction: (action: AuditAction | undefined) => void;
}

/** What administrators did, newest first. */
export function AuditLog({ action, onAction }: Props) {
  const query = useAuditLog(action);
  return (
    <Stack>
      <Select
        aria-label="Action"
        placeholder="Any action"
        clearable
        w={280}
        data={ACTIONS}
        value={action ?? null}
        onChange={(value) => onAction(isAuditAction(value) ? value : undefined)}
      />
      <PagedTable
        query={query}
        label="Audit log"
        minWidth={760}
        header={
          <>
            <Table.Th>When</Table.Th>
            <Table.Th>Who</Table.Th>
            <Table.Th>What</Table.Th>
            <Table.Th>To</Table.Th>
            <Table.Th>Details</Table.Th>
          </>
        }
        empty={
          <Text size="sm" c="dimmed">
            Nothing was done yet.
          </Text>
        }
      >
        {(data) => allItems(data).map((entry) => <EntryRow key={entry.id} entry={entry} />)}
      </PagedTable>
    </Stack>
  );
}
