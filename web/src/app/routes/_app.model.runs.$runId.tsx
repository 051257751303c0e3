import { createFileRoute } from '@tanstack/react-router';
import { NotFound } from '../../components/not-found.tsx';
import { Page } from '../../components/page.tsx';
import { QueryState } from '../../components/query-state.tsx';
import { useRun } from '../../features/learning/api/get-run.ts';
import { RunDetail } from '../../features/learning/components/runs/run-detail.tsx';
import { hasCode } from '../../lib/api/problem.ts';
import { dateTime } from '../../lib/format.ts';

export const Route = createFileRoute('/_app/model/runs/$runId')({ component: RunPage });

function RunPage() {
  const { runId } = Route.useParams();
  const query = useRun(runId);
  // Administrators only. For others, and for an invalid id, it looks like a page that does not exist.
  const nowhere = ['not_found', 'forbidden', 'validation_failed'].some((code) => hasCode(query.error, code));
  if (nowhere) return <NotFound />;
  const title = query.data ? `Run of ${dateTime(query.data.created_at)}` : 'Run';
  return (
    <Page title={title}>
      <QueryState query={query}>{(run) => <RunDetail run={run} />}</QueryState>
    </Page>
  );
}
