import { createFileRoute } from '@tanstack/react-router';
import { Page } from '../../components/page.tsx';
import { QueryState } from '../../components/query-state.tsx';
import { useModelStatus } from '../../features/learning/api/get-status.ts';
import { Overview } from '../../features/learning/components/overview/overview.tsx';
import { TrainButton } from '../../features/learning/components/runs/train-button.tsx';
import { useUser } from '../../lib/session/index.ts';

export const Route = createFileRoute('/_app/model/')({ component: ModelPage });

function ModelPage() {
  const admin = useUser().user_type === 'admin';
  const status = useModelStatus();
  const navigate = Route.useNavigate();
  const open = (runId: string) => void navigate({ to: '/model/runs/$runId', params: { runId } });
  return (
    <Page
      title="Duke MM"
      description="The model that does the work. It learns from every verdict; a new version serves once it has proved better."
      actions={admin && <TrainButton busy={Boolean(status.data?.run)} onRun={open} />}
    >
      <QueryState query={status}>{(data) => <Overview status={data} admin={admin} />}</QueryState>
    </Page>
  );
}
