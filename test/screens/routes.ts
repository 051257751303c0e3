import type { EMAILS, World } from './world.ts';

export interface Screen {
  readonly name: string;
  readonly path: string;
  readonly role: keyof typeof EMAILS | 'nobody';
  /** A text that is there once the page has its data. */
  readonly shows?: string | RegExp;
}

/** Every page of the application, by who sees it. */
export const screensOf = ({ toReview, accepted, rejected, queue }: World): readonly Screen[] => [
  { role: 'nobody', name: 'sign-in', path: '/login' },
  { role: 'nobody', name: 'register', path: '/register' },
  { role: 'nobody', name: 'forgot-password', path: '/forgot-password' },
  { role: 'buyer', name: 'tasks', path: '/tasks' },
  { role: 'buyer', name: 'post', path: '/tasks/new' },
  { role: 'buyer', name: 'review', path: `/tasks/${toReview}` },
  { role: 'buyer', name: 'accepted', path: `/tasks/${accepted}` },
  { role: 'buyer', name: 'rejected', path: `/tasks/${rejected}` },
  { role: 'buyer', name: 'files', path: '/files' },
  { role: 'buyer', name: 'wallet', path: '/wallet' },
  { role: 'buyer', name: 'model', path: '/model' },
  { role: 'buyer', name: 'profile', path: '/profile' },
  { role: 'buyer', name: 'not-found', path: '/nowhere' },
  { role: 'agent', name: 'queue', path: '/tasks' },
  ...Object.entries(queue).map(
    ([type, id]) => ({ role: 'agent', name: `work-${type}`, path: `/tasks/${id}` }) as const,
  ),
  { role: 'agent', name: 'record', path: '/agent' },
  { role: 'agent', name: 'wallet', path: '/wallet' },
  { role: 'admin', name: 'overview', path: '/admin' },
  { role: 'admin', name: 'accounts', path: '/admin/users' },
  { role: 'admin', name: 'agents', path: '/admin/agents' },
  { role: 'admin', name: 'audit-log', path: '/admin/audit' },
  { role: 'admin', name: 'tasks', path: '/tasks' },
  { role: 'admin', name: 'versions', path: '/model/versions' },
  { role: 'admin', name: 'version', path: '/model/versions/1' },
  { role: 'admin', name: 'runs', path: '/model/runs' },
  { role: 'admin', name: 'wallet', path: '/wallet' },
];
