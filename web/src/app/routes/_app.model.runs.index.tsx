import { createFileRoute } from '@tanstack/react-router';
import { NotFound } from '../../components/not-found.tsx';
import { Page } from '../../components/page.tsx';
import { useModelStatus } from '../../features/learning/api/get-status.ts';
import { RunList } from '../../features/learning/components/runs/run-list.tsx';
import { TrainButton } from '../../features/learning/components/runs/train-button.tsx';
import { useUser } from '../../lib/session/index.ts';

export const Route = createFileRoute('/_app/model/runs/')({ component: RunsPage });

function RunsPage() {
  const admin = useUser().user_type === 'admin';
  return admin ? <Runs /> : <NotFound />;
}

function Runs() {
  const status = useModelStatus();
  const navigate = Route.useNavigate();
  const open = (runId: string) => void navigate({ to: '/model/runs/$runId', params: { runId } });
  return (
    <Page
      title="Runs"
      description="Each run trains a new version on the outcomes so far, then promotes it or says why not."
      actions={<TrainButton busy={Boolean(status.data?.run)} onRun={open} />}
    >
      <RunList />
    </Page>
  );
}
