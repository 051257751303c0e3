import { createFileRoute, Outlet } from '@tanstack/react-router';
import { SubNavigation, type SubPage } from '../../components/sub-navigation.tsx';
import { useUser } from '../../lib/session/index.ts';

export const Route = createFileRoute('/_app/model')({ component: ModelLayout });

const PAGES: readonly SubPage[] = [
  { to: '/model', label: 'Overview', exact: true },
  { to: '/model/versions', label: 'Versions' },
];
const ADMIN_PAGES: readonly SubPage[] = [...PAGES, { to: '/model/runs', label: 'Runs' }];

function ModelLayout() {
  const admin = useUser().user_type === 'admin';
  return (
    <>
      <SubNavigation label="Duke MM" pages={admin ? ADMIN_PAGES : PAGES} />
      <Outlet />
    </>
  );
}
