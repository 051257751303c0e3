import { Button, Group } from '@mantine/core';
import { createFileRoute, Link, Outlet } from '@tanstack/react-router';
import { useUser } from '../../lib/session/index.ts';

export const Route = createFileRoute('/_app/model')({ component: ModelLayout });

const PARTS = [
  { to: '/model', label: 'Overview', exact: true },
  { to: '/model/versions', label: 'Versions', exact: false },
  { to: '/model/runs', label: 'Runs', exact: false },
] as const;

/** Runs are for administrators. */
function ModelLayout() {
  const admin = useUser().user_type === 'admin';
  return (
    <>
      <Group component="nav" aria-label="Duke MM" gap={4} mb="md">
        {PARTS.filter(({ to }) => admin || to !== '/model/runs').map(({ to, label, exact }) => (
          <Link key={to} to={to} activeOptions={{ exact }} className="bare-link">
            {({ isActive }) => (
              <Button
                component="span"
                size="compact-sm"
                variant={isActive ? 'light' : 'subtle'}
                color={isActive ? 'duke' : 'gray'}
              >
                {label}
              </Button>
            )}
          </Link>
        ))}
      </Group>
      <Outlet />
    </>
  );
}
