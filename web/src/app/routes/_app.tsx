import '@mantine/notifications/styles.css';
import { Notifications } from '@mantine/notifications';
import { createFileRoute, Outlet, redirect } from '@tanstack/react-router';
import { lazy, Suspense, useEffect } from 'react';
import { PageLoader } from '../../components/page-loader.tsx';
import { UserMenu } from '../../features/identity/components/user-menu.tsx';
import { WalletBalance } from '../../features/wallet/components/wallet-balance.tsx';
import { useLiveEvents } from '../../lib/live/index.ts';
import { saved } from '../../lib/saved/index.ts';
import { useSession } from '../../lib/session/index.ts';
import { Shell } from '../shell.tsx';

const Palette = lazy(() => import('../palette.tsx'));

export const Route = createFileRoute('/_app')({
  beforeLoad: ({ context, location }) => {
    if (context.session.get().status !== 'signed_in')
      redirect({
        to: '/login',
        search: location.pathname === '/' ? {} : { redirect: location.href },
        throw: true,
      });
  },
  component: AppLayout,
});

function AppLayout() {
  const session = useSession();
  const user = session.status === 'signed_in' ? session.user : undefined;
  const userId = user?.id;
  useLiveEvents(userId);
  useEffect(() => {
    if (userId !== undefined) saved.open(userId);
  }, [userId]);
  if (user === undefined) return <PageLoader />; // until the router has left for the login page
  return (
    <Shell role={user.user_type} balance={<WalletBalance />} account={<UserMenu />}>
      <Notifications position="bottom-right" />
      <Outlet />
      <Suspense>
        <Palette role={user.user_type} />
      </Suspense>
    </Shell>
  );
}
