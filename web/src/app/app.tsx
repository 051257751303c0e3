import { MantineProvider } from '@mantine/core';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { useEffect, useLayoutEffect } from 'react';
import { PageLoader } from '../components/page-loader.tsx';
import { session, useSession } from '../lib/session/index.ts';
import { createQueryClient } from './query-client.ts';
import { createAppRouter } from './router.tsx';
import { readableColors, theme } from './theme.ts';
import { Unreachable } from './unreachable.tsx';

const queryClient = createQueryClient();
const router = createAppRouter({ session, queryClient });

function Start() {
  const state = useSession();
  const { status } = state;
  const userId = status === 'signed_in' ? state.user.id : undefined;
  useEffect(() => {
    if (status === 'starting') void session.renew();
    if (status === 'anonymous' || status === 'signed_in') void router.invalidate();
  }, [status]);
  // Cached data belongs to one user: it is dropped when they sign out, before another user's pages are shown.
  useLayoutEffect(() => () => queryClient.clear(), [userId]);
  if (status === 'starting') return <PageLoader />;
  if (status === 'unreachable') return <Unreachable />;
  return <RouterProvider router={router} />;
}

export function App() {
  return (
    <MantineProvider theme={theme} cssVariablesResolver={readableColors} defaultColorScheme="auto">
      <QueryClientProvider client={queryClient}>
        <Start />
      </QueryClientProvider>
    </MantineProvider>
  );
}
