import { MantineProvider } from '@mantine/core';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { useEffect } from 'react';
import { PageLoader } from '../components/page-loader.tsx';
import { session, useSession } from '../lib/session/index.ts';
import { createQueryClient } from './query-client.ts';
import { createAppRouter } from './router.tsx';
import { readableColors, theme } from './theme.ts';
import { Unreachable } from './unreachable.tsx';

const queryClient = createQueryClient();
const router = createAppRouter({ session, queryClient });

function Start() {
  const { status } = useSession();
  useEffect(() => {
    if (status === 'starting') void session.renew();
    if (status === 'anonymous') queryClient.clear();
    if (status === 'anonymous' || status === 'signed_in') void router.invalidate();
  }, [status]);
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
