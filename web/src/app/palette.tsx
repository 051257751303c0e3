import '@mantine/spotlight/styles.css';
import { useMantineColorScheme } from '@mantine/core';
import { Spotlight, type SpotlightActionData } from '@mantine/spotlight';
import { IconMoon, IconPlus, IconSearch } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { PLACES, PROFILE, type Role } from './places.ts';

const ICON_PX = 18;

/** Everything that can be reached by its name: ⌘K or Ctrl K. */
export default function Palette({ role }: { readonly role: Role }) {
  const navigate = useNavigate();
  const { toggleColorScheme } = useMantineColorScheme();
  const actions: SpotlightActionData[] = [
    ...[...PLACES[role], PROFILE].map(({ to, label, icon: Icon }) => ({
      id: to,
      label,
      leftSection: <Icon size={ICON_PX} aria-hidden />,
      onClick: () => void navigate({ to }),
    })),
    ...(role === 'buyer'
      ? [
          {
            id: 'post',
            label: 'Post a task',
            leftSection: <IconPlus size={ICON_PX} aria-hidden />,
            onClick: () => void navigate({ to: '/tasks/new' }),
          },
          {
            id: 'review',
            label: 'Tasks to review',
            leftSection: <IconSearch size={ICON_PX} aria-hidden />,
            onClick: () => void navigate({ to: '/tasks', search: { show: 'review' } }),
          },
        ]
      : []),
    {
      id: 'scheme',
      label: 'Switch between light and dark',
      leftSection: <IconMoon size={ICON_PX} aria-hidden />,
      onClick: toggleColorScheme,
    },
  ];
  return (
    <Spotlight
      actions={actions}
      shortcut="mod + K"
      nothingFound="Nothing has this name"
      highlightQuery
      searchProps={{ placeholder: 'Go to …', 'aria-label': 'Go to' }}
    />
  );
}
