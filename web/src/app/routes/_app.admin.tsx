import { createFileRoute, Outlet } from '@tanstack/react-router';
import { NotFound } from '../../components/not-found.tsx';
import { SubNavigation, type SubPage } from '../../components/sub-navigation.tsx';
import { useUser } from '../../lib/session/index.ts';

export const Route = createFileRoute('/_app/admin')({ component: AdminLayout });

const PAGES: readonly SubPage[] = [
  { to: '/admin', label: 'Overview', exact: true },
  { to: '/admin/users', label: 'Accounts' },
  { to: '/admin/agents', label: 'Agents' },
  { to: '/admin/audit', label: 'Audit log' },
];

function AdminLayout() {
  if (useUser().user_type !== 'admin') return <NotFound />;
  return (
    <>
      <SubNavigation label="Marketplace" pages={PAGES} />
      <Outlet />
    </>
  );
}
