import { ActionIcon, Avatar, Menu, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconDevices, IconLogout, IconUser } from '@tabler/icons-react';
import { MenuLink } from '../../../components/menu-link.tsx';
import { useUser } from '../../../lib/session/index.ts';
import { useLogout } from '../api/logout.ts';

export function UserMenu() {
  const user = useUser();
  const logout = useLogout();
  const leave = (everywhere: boolean) =>
    logout.mutate(everywhere, {
      onError: (error) =>
        notifications.show({ color: 'red', title: 'You are still signed in', message: error.message }),
    });
  return (
    <Menu position="bottom-end" width={240}>
      <Menu.Target>
        <ActionIcon variant="subtle" size="lg" radius="xl" aria-label="Account" loading={logout.isPending}>
          <Avatar size={30} radius="xl" color="duke">
            <IconUser size={18} aria-hidden />
          </Avatar>
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          <Text size="sm" fw={600} truncate c="var(--mantine-color-text)">
            {user.full_name ?? user.agent_name ?? user.email}
          </Text>
          <Text size="xs" truncate>
            {user.email} · {user.user_type}
          </Text>
        </Menu.Label>
        <Menu.Divider />
        <MenuLink to="/profile" leftSection={<IconUser size={16} aria-hidden />}>
          Profile
        </MenuLink>
        <Menu.Item leftSection={<IconLogout size={16} aria-hidden />} onClick={() => leave(false)}>
          Sign out
        </Menu.Item>
        <Menu.Item leftSection={<IconDevices size={16} aria-hidden />} onClick={() => leave(true)}>
          Sign out everywhere
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
