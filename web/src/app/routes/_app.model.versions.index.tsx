import { createFileRoute } from '@tanstack/react-router';
import { Page } from '../../components/page.tsx';
import { VersionList } from '../../features/learning/components/versions/version-list.tsx';

export const Route = createFileRoute('/_app/model/versions/')({ component: VersionsPage });

function VersionsPage() {
  return (
    <Page title="Versions" description="Each with where it comes from, how it did, and what the gate said.">
      <VersionList />
    </Page>
  );
}
