import { Button, Group, Menu, Modal, Stack, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconChevronDown } from '@tabler/icons-react';
import { useState } from 'react';
import { ProblemAlert } from '../../../components/problem-alert.tsx';
import type { AdminUser } from '../../../lib/api/types.ts';
import { useUpdateUser } from '../api/update-user.ts';
import { ROLE } from '../roles.ts';

type Change = { readonly is_active: boolean } | { readonly user_type: AdminUser['user_type'] };

/** What a change does, before it is confirmed. */
function effectOf(user: AdminUser, change: Change): { title: string; text: string; confirm: string } {
  if ('user_type' in change) {
    const role = ROLE[change.user_type].toLowerCase();
    return {
      title: `Make ${user.email} ${role === 'buyer' ? 'a' : 'an'} ${role}?`,
      text:
        change.user_type === 'admin'
          ? 'An administrator sees every task, credits wallets, disables accounts and promotes versions.'
          : 'It takes effect within a minute. Open tasks of an agent that is none any more go to others.',
      confirm: 'Change the role',
    };
  }
  if (change.is_active)
    return { title: `Enable ${user.email}?`, text: 'The account can sign in again.', confirm: 'Enable' };
  return {
    title: `Disable ${user.email}?`,
    text: 'Within a minute the account can neither sign in nor use its tokens. Open tasks of an agent go to others. Its money stays.',
    confirm: 'Disable',
  };
}

interface DialogProps {
  readonly user: AdminUser;
  readonly change: Change;
  readonly onClose: () => void;
}

function ChangeDialog({ user, change, onClose }: DialogProps) {
  const update = useUpdateUser(user.id);
  const { title, text, confirm } = effectOf(user, change);
  const apply = () =>
    update.mutate(change, {
      onSuccess: () => {
        onClose();
        notifications.show({ color: 'teal', message: `${user.email} is changed.` });
      },
    });
  return (
    <Modal opened onClose={onClose} title={title} centered>
      <Stack>
        <ProblemAlert error={update.error} />
        <Text size="sm">{text}</Text>
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Leave it
          </Button>
          <Button
            color={'is_active' in change && !change.is_active ? 'red' : 'duke'}
            loading={update.isPending}
            onClick={apply}
          >
            {confirm}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}

/** Only an account with an agent name can be an agent. */
const rolesFor = (user: AdminUser): AdminUser['user_type'][] =>
  (['buyer', 'agent', 'admin'] as const).filter(
    (role) => role !== user.user_type && (role !== 'agent' || user.agent_name !== undefined),
  );

export function UserActions({ user }: { readonly user: AdminUser }) {
  const [change, setChange] = useState<Change>();
  return (
    <>
      <Menu position="bottom-end">
        <Menu.Target>
          <Button
            size="compact-sm"
            variant="default"
            aria-label={`Change ${user.email}`}
            rightSection={<IconChevronDown size={14} aria-hidden />}
          >
            Change
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item
            {...(user.is_active && { color: 'red' })}
            onClick={() => setChange({ is_active: !user.is_active })}
          >
            {user.is_active ? 'Disable' : 'Enable'}
          </Menu.Item>
          {rolesFor(user).map((role) => (
            <Menu.Item key={role} onClick={() => setChange({ user_type: role })}>
              Make {ROLE[role].toLowerCase()}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
      {change && <ChangeDialog user={user} change={change} onClose={() => setChange(undefined)} />}
    </>
  );
}
