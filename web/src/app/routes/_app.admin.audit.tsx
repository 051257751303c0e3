import { createFileRoute } from '@tanstack/react-router';
import { Page } from '../../components/page.tsx';
import type { AuditAction } from '../../features/admin/api/list-audit-log.ts';
import { isAuditAction } from '../../features/admin/audit-words.ts';
import { AuditLog } from '../../features/admin/components/audit-log.tsx';
import { ExportButton } from '../../features/admin/components/export-button.tsx';

export const Route = createFileRoute('/_app/admin/audit')({
  validateSearch: ({ action }: Record<string, unknown>): { action?: AuditAction } =>
    isAuditAction(action) ? { action } : {},
  component: AuditPage,
});

function AuditPage() {
  const { action } = Route.useSearch();
  const navigate = Route.useNavigate();
  return (
    <Page
      title="Audit log"
      description="What administrators did. Entries are never changed or removed."
      actions={<ExportButton action={action} />}
    >
      <AuditLog
        action={action}
        onAction={(next) => void navigate({ search: next === undefined ? {} : { action: next } })}
      />
    </Page>
  );
}
