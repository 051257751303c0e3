import { AppShell, Burger, Container, Group, NavLink } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { Brand } from '../components/brand.tsx';
import { ColorSchemeToggle } from '../components/color-scheme-toggle.tsx';
import { NavigationLink } from '../components/navigation-link.tsx';
import { PLACES, PROFILE, type Role } from './places.ts';

function WideNavigation({ role }: { role: Role }) {
  return (
    <Group component="nav" aria-label="Main" gap={4} wrap="nowrap" visibleFrom="md">
      {PLACES[role].map(({ to, label }) => (
        <NavigationLink key={to} to={to} label={label} size="compact-md" />
      ))}
    </Group>
  );
}

function NarrowNavigation({ role, onNavigate }: { role: Role; onNavigate: () => void }) {
  return (
    <AppShell.Navbar p="md" aria-label="Main">
      {[...PLACES[role], PROFILE].map(({ to, label, icon: Icon }) => (
        <Link key={to} to={to} onClick={onNavigate} className="bare-link">
          {({ isActive }) => (
            <NavLink
              component="span"
              label={label}
              active={isActive}
              leftSection={<Icon size={18} aria-hidden />}
            />
          )}
        </Link>
      ))}
    </AppShell.Navbar>
  );
}

interface Props {
  role: Role;
  balance: ReactNode;
  account: ReactNode;
  children: ReactNode;
}

/** Header, navigation and the page. */
export function Shell({ role, balance, account, children }: Props) {
  const [opened, { toggle, close }] = useDisclosure();
  return (
    <AppShell
      header={{ height: 60 }}
      navbar={{ width: 240, breakpoint: 'md', collapsed: { mobile: !opened, desktop: true } }}
      padding={{ base: 'md', sm: 'xl' }}
    >
      <a className="skip-link" href="#main">
        Skip to the content
      </a>
      <AppShell.Header px={{ base: 'md', sm: 'xl' }}>
        <Container size="lg" h="100%" px={0}>
          <Group h="100%" justify="space-between" wrap="nowrap" gap="xs">
            <Group gap="md" wrap="nowrap">
              <Burger
                opened={opened}
                onClick={toggle}
                hiddenFrom="md"
                size="sm"
                aria-label={opened ? 'Close the menu' : 'Open the menu'}
                aria-expanded={opened}
              />
              <Link to="/tasks" className="bare-link" aria-label="DukeNET, to my tasks">
                <Brand compact />
              </Link>
              <WideNavigation role={role} />
            </Group>
            <Group gap="xs" wrap="nowrap">
              {balance}
              <ColorSchemeToggle />
              {account}
            </Group>
          </Group>
        </Container>
      </AppShell.Header>
      {opened && <NarrowNavigation role={role} onNavigate={close} />}
      <AppShell.Main
        id="main"
        tabIndex={-1}
        bg="light-dark(var(--mantine-color-gray-0), var(--mantine-color-dark-8))"
      >
        <Container size="lg" px={0}>
          {children}
        </Container>
      </AppShell.Main>
    </AppShell>
  );
}
