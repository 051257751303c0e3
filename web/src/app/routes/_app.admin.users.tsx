import { createFileRoute } from '@tanstack/react-router';
import { Page } from '../../components/page.tsx';
import { UserBrowser } from '../../features/admin/components/user-browser.tsx';
import type { AdminUser } from '../../lib/api/types.ts';

type Role = AdminUser['user_type'];
const isRole = (value: unknown): value is Role => value === 'buyer' || value === 'agent' || value === 'admin';

interface Search {
  q?: string;
  role?: Role;
}

export const Route = createFileRoute('/_app/admin/users')({
  validateSearch: ({ q, role }: Record<string, unknown>): Search => ({
    ...(typeof q === 'string' && q !== '' && { q }),
    ...(isRole(role) && { role }),
  }),
  component: UsersPage,
});

function UsersPage() {
  const { q = '', role } = Route.useSearch();
  const navigate = Route.useNavigate();
  return (
    <Page title="Accounts" description="Who may use the marketplace, and as what.">
      <UserBrowser
        filter={{ q, role }}
        onFilter={(next) =>
          void navigate({
            search: { ...(next.q !== '' && { q: next.q }), ...(next.role && { role: next.role }) },
            replace: true,
          })
        }
      />
    </Page>
  );
}
