import { createFileRoute } from '@tanstack/react-router';
import { NotFound } from '../../components/not-found.tsx';
import { Page } from '../../components/page.tsx';
import { AgentRecord } from '../../features/work/components/record/agent-record.tsx';
import { AvailabilitySwitch } from '../../features/work/components/queue/availability-switch.tsx';
import { useUser } from '../../lib/session/index.ts';

export const Route = createFileRoute('/_app/agent')({ component: AgentPage });

function AgentPage() {
  const user = useUser();
  if (user.user_type !== 'agent') return <NotFound />;
  return (
    <Page
      title={user.agent_name ?? 'My record'}
      description="What you earned, how you are rated and why, and what you take on."
      actions={<AvailabilitySwitch />}
    >
      <AgentRecord />
    </Page>
  );
}
