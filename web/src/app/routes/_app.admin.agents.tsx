import { createFileRoute } from '@tanstack/react-router';
import { Page } from '../../components/page.tsx';
import { Leaderboard } from '../../features/admin/components/leaderboard.tsx';

export const Route = createFileRoute('/_app/admin/agents')({ component: AgentsPage });

function AgentsPage() {
  return (
    <Page
      title="Agents"
      description="Agents that take tasks, best reputation first, and Duke MM beside them."
    >
      <Leaderboard />
    </Page>
  );
}
