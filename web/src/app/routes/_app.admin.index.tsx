import { createFileRoute } from '@tanstack/react-router';
import { Page } from '../../components/page.tsx';
import { Metrics } from '../../features/admin/components/metrics.tsx';
import { WINDOWS, type Window } from '../../features/admin/api/get-system-metrics.ts';
import { WindowChoice } from '../../features/admin/components/window-choice.tsx';

const isWindow = (value: unknown): value is Window => WINDOWS.some((window) => window === value);

export const Route = createFileRoute('/_app/admin/')({
  validateSearch: (search: Record<string, unknown>): { window?: Window } =>
    isWindow(search['window']) ? { window: search['window'] } : {},
  component: MetricsPage,
});

function MetricsPage() {
  const { window = '24h' } = Route.useSearch();
  const navigate = Route.useNavigate();
  return (
    <Page
      title="Marketplace"
      description="Tasks, money and the health of the platform. The figures are a few seconds old."
      actions={
        <WindowChoice window={window} onChange={(next) => void navigate({ search: { window: next } })} />
      }
    >
      <Metrics window={window} />
    </Page>
  );
}
