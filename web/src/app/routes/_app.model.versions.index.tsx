import { createFileRoute } from '@tanstack/react-router';
import { Page } from '../../components/page.tsx';
import { VersionList } from '../../features/learning/components/versions/version-list.tsx';

export const Route = createFileRoute('/_app/model/versions/')({ component: VersionsPage });

function VersionsPage() {
  return (
    <Page
      title="Versions"
      description="What each version was trained on, how it scored, and what the gate decided."
    >
      <VersionList />
    </Page>
  );
}
