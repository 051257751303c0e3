import { Badge, Card, EmptyState, Group, Stack, Text } from '@mantine/core';
import { IconStack2 } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { LoadMore } from '../../../../components/load-more.tsx';
import { QueryState } from '../../../../components/query-state.tsx';
import { allItems } from '../../../../lib/api/pages.ts';
import type { ModelVersion } from '../../../../lib/api/types.ts';
import { count, dateTime } from '../../../../lib/format.ts';
import { useVersions } from '../../api/list-versions.ts';
import { points, share } from '../../figures.ts';
import { sentence } from '../../words.ts';
import { VersionBadge } from '../state-badge.tsx';

function Gain({ metrics }: { metrics: NonNullable<ModelVersion['metrics']> }) {
  const { candidate, production, compared_with } = metrics;
  if (candidate.accuracy === null) return null;
  const gain =
    production?.accuracy === null || production?.accuracy === undefined
      ? ''
      : ` (${points(candidate.accuracy - production.accuracy)} against version ${compared_with})`;
  return (
    <Text size="sm" className="tabular" style={{ whiteSpace: 'normal' }}>
      Accuracy <b>{share(candidate.accuracy)}</b>
      {gain}
    </Text>
  );
}

function VersionCard({ version }: { version: ModelVersion }) {
  const facts = [
    `made ${dateTime(version.created_at)}`,
    version.parent ? `from version ${version.parent}` : 'without a parent',
    ...(version.lineage ? [count(version.lineage.examples, 'example')] : []),
  ];
  const why =
    version.failure_reason ??
    version.rollback_reason ??
    (version.gate?.passed === false ? version.gate.reasons[0] : undefined);
  return (
    <Link to="/model/versions/$version" params={{ version: version.version }} className="bare-link">
      <Card withBorder padding="md">
        <Stack gap={6}>
          <Group justify="space-between" gap="xs">
            <Text fw={600}>Version {version.version}</Text>
            <Group gap="xs">
              {version.gate && (
                <Badge variant="light" color={version.gate.passed ? 'teal' : 'orange'}>
                  {version.gate.passed ? 'Gate passed' : 'Gate rejected it'}
                </Badge>
              )}
              <VersionBadge state={version.state} />
            </Group>
          </Group>
          <Text size="sm" c="dimmed">
            {facts.join(' · ')}
          </Text>
          {version.metrics && <Gain metrics={version.metrics} />}
          {why && (
            <Text size="sm" lineClamp={2} {...(version.failure_reason && { className: 'trouble' })}>
              {sentence(why)}
            </Text>
          )}
        </Stack>
      </Card>
    </Link>
  );
}

/** All versions, newest first. */
export function VersionList() {
  const query = useVersions();
  return (
    <QueryState query={query}>
      {(data) => {
        const versions = allItems(data);
        if (versions.length === 0)
          return (
            <EmptyState
              icon={<IconStack2 aria-hidden />}
              title="No version yet"
              description="The first version is made when DukeNET is set up. It will be listed here."
            />
          );
        return (
          <Stack>
            <Stack component="ul" gap="sm" p={0} m={0} style={{ listStyle: 'none' }}>
              {versions.map((version) => (
                <li key={version.version}>
                  <VersionCard version={version} />
                </li>
              ))}
            </Stack>
            {versions.length === 1 && (
              <Text size="sm" c="dimmed" ta="center">
                The second version comes with the first training run.
              </Text>
            )}
            <LoadMore query={query} />
          </Stack>
        );
      }}
    </QueryState>
  );
}
