import type { QueryClient } from '@tanstack/react-query';
import { createRouter } from '@tanstack/react-router';
import { NotFoundPage } from '../components/not-found.tsx';
import { PageError } from '../components/page-error.tsx';
import { PageLoader } from '../components/page-loader.tsx';
import type { session } from '../lib/session/index.ts';
import { routeTree } from '../routeTree.gen.ts';

export interface RouterContext {
  session: typeof session;
  queryClient: QueryClient;
}

export const createAppRouter = (context: RouterContext) =>
  createRouter({
    routeTree,
    context,
    defaultPreload: 'intent',
    scrollRestoration: true,
    defaultPendingComponent: PageLoader,
    defaultErrorComponent: PageError,
    defaultNotFoundComponent: NotFoundPage,
  });

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createAppRouter>;
  }
}
