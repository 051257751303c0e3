import '@mantine/notifications/styles.css';
import { Notifications } from '@mantine/notifications';
import { createFileRoute, Outlet, redirect } from '@tanstack/react-router';
import { PageLoader } from '../../components/page-loader.tsx';
import { UserMenu } from '../../features/identity/components/user-menu.tsx';
import { WalletBalance } from '../../features/wallet/components/wallet-balance.tsx';
import { useSession } from '../../lib/session/index.ts';
import { Shell } from '../shell.tsx';

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
  if (useSession().status !== 'signed_in') return <PageLoader />; // until the router has left for the login page
  return (
    <Shell balance={<WalletBalance />} account={<UserMenu />}>
      <Notifications position="bottom-right" />
      <Outlet />
    </Shell>
  );
}
