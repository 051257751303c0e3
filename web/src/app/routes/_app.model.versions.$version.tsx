import { createFileRoute } from '@tanstack/react-router';
import { NotFound } from '../../components/not-found.tsx';
import { Page } from '../../components/page.tsx';
import { QueryState } from '../../components/query-state.tsx';
import { useModelStatus } from '../../features/learning/api/get-status.ts';
import { useVersion } from '../../features/learning/api/get-version.ts';
import { VersionBadge } from '../../features/learning/components/state-badge.tsx';
import { PromoteButton } from '../../features/learning/components/versions/promote-button.tsx';
import { VersionDetail } from '../../features/learning/components/versions/version-detail.tsx';
import { hasCode } from '../../lib/api/problem.ts';
import { useUser } from '../../lib/session/index.ts';

export const Route = createFileRoute('/_app/model/versions/$version')({ component: VersionPage });

function VersionPage() {
  const { version: name } = Route.useParams();
  const admin = useUser().user_type === 'admin';
  const query = useVersion(name);
  const status = useModelStatus();
  if (hasCode(query.error, 'not_found') && !query.data) return <NotFound />;
  const { data: version } = query;
  return (
    <Page
      title={`Version ${name}`}
      description={version && <VersionBadge state={version.state} />}
      actions={
        admin &&
        version &&
        status.data && (
          <PromoteButton
            version={version}
            production={status.data.production?.version ?? null}
            runParent={status.data.run?.parent}
          />
        )
      }
    >
      <QueryState query={query}>
        {(data) => <VersionDetail key={data.version} version={data} admin={admin} />}
      </QueryState>
    </Page>
  );
}
