import { Badge, EmptyState, Group, Select, Stack, Table, Text, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { IconSearch, IconUsers } from '@tabler/icons-react';
import { useState } from 'react';
import { allItems } from '../../../lib/api/pages.ts';
import type { AdminUser } from '../../../lib/api/types.ts';
import { dateTime } from '../../../lib/format.ts';
import { useUser } from '../../../lib/session/index.ts';
import { useUsers, type UserFilter } from '../api/list-users.ts';
import { ROLE } from '../roles.ts';
import { UserActions } from './user-actions.tsx';
import { PagedTable } from '../../../components/paged-table.tsx';

const SEARCH_AFTER_MS = 300;
const ROLES = (Object.keys(ROLE) as AdminUser['user_type'][]).map((value) => ({ value, label: ROLE[value] }));

function UserRow({ user, isMe }: { readonly user: AdminUser; readonly isMe: boolean }) {
  return (
    <Table.Tr>
      <Table.Td>
        <Text size="sm" fw={500} style={{ overflowWrap: 'anywhere' }}>
          {user.email}
        </Text>
        <Text size="xs" c="dimmed">
          {[user.full_name, user.agent_name].filter(Boolean).join(' · ')}
        </Text>
      </Table.Td>
      <Table.Td>{ROLE[user.user_type]}</Table.Td>
      <Table.Td>
        <Badge variant="light" color={user.is_active ? 'teal' : 'red'}>
          {user.is_active ? 'Active' : 'Disabled'}
        </Badge>
      </Table.Td>
      <Table.Td className="tabular">{dateTime(user.created_at)}</Table.Td>
      <Table.Td ta="right">
        {isMe ? (
          <Text size="xs" c="dimmed">
            this is you
          </Text>
        ) : (
          <UserActions user={user} />
        )}
      </Table.Td>
    </Table.Tr>
  );
}

interface Props {
  readonly filter: UserFilter;
  readonly onFilter: (filter: UserFilter) => void;
}

function Filters({ filter, onFilter }: Props) {
  const [text, setText] = useState(filter.q);
  const search = useDebouncedCallback((q: string) => onFilter({ ...filter, q: q.trim() }), SEARCH_AFTER_MS);
  return (
    <Group gap="sm">
      <TextInput
        type="search"
        aria-label="Search by e-mail, name or id"
        placeholder="E-mail, name or id"
        leftSection={<IconSearch size={16} aria-hidden />}
        w={280}
        value={text}
        onChange={(event) => {
          setText(event.currentTarget.value);
          search(event.currentTarget.value);
        }}
      />
      <Select
        aria-label="Role"
        placeholder="Any role"
        clearable
        w={160}
        data={ROLES}
        value={filter.role ?? null}
        onChange={(role) => onFilter({ ...filter, role: role ?? undefined })}
      />
    </Group>
  );
}

/** Accounts, searched and by role. */
export function UserBrowser({ filter, onFilter }: Props) {
  const query = useUsers(filter);
  const me = useUser().id;
  return (
    <Stack>
      <Filters filter={filter} onFilter={onFilter} />
      <PagedTable
        query={query}
        label="Accounts"
        minWidth={680}
        header={
          <>
            <Table.Th>Account</Table.Th>
            <Table.Th>Role</Table.Th>
            <Table.Th>State</Table.Th>
            <Table.Th>Registered</Table.Th>
            <Table.Th>
              <span className="visually-hidden">Actions</span>
            </Table.Th>
          </>
        }
        empty={
          <EmptyState
            icon={<IconUsers aria-hidden />}
            title="No account matches"
            description="Search by a part of the e-mail address or name, or by the whole id."
          />
        }
      >
        {(data) => allItems(data).map((user) => <UserRow key={user.id} user={user} isMe={user.id === me} />)}
      </PagedTable>
    </Stack>
  );
}
