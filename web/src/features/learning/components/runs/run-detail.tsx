import { Alert, Code, DataList, List, SimpleGrid, Stack } from '@mantine/core';
import { IconAlertCircle, IconInfoCircle } from '@tabler/icons-react';
import { AnchorLink } from '../../../../components/links.tsx';
import type { TrainingRun } from '../../../../lib/api/types.ts';
import { dateTime, duration } from '../../../../lib/format.ts';
import { Curves } from '../../charts/curves.tsx';
import { isActive, sentence, TRIGGER } from '../../words.ts';
import { DataCounts } from '../data-counts.tsx';
import { Fact } from '../../../../components/fact.tsx';
import { Panel } from '../../../../components/panel.tsx';
import { RunBadge } from '../state-badge.tsx';
import { RunSteps } from './run-steps.tsx';
import { UnusableData } from './unusable-data.tsx';

/** Why a run ended without a new version in production. */
function Ending({ run }: { run: TrainingRun }) {
  if (run.failure)
    return (
      <Alert
        color="red"
        role="alert"
        icon={<IconAlertCircle aria-hidden />}
        title={`Failed at ${run.failure.step}: ${run.failure.error}`}
      >
        {run.failure.cause && (
          <Code block mah={240} style={{ overflow: 'auto', whiteSpace: 'pre-wrap' }}>
            {run.failure.cause}
          </Code>
        )}
      </Alert>
    );
  if (run.reasons.length === 0) return null;
  return (
    <Alert color="orange" icon={<IconInfoCircle aria-hidden />} title="Archived: production stays as it was">
      <List size="sm">
        {run.reasons.map((reason) => (
          <List.Item key={reason}>{sentence(reason)}</List.Item>
        ))}
      </List>
    </Alert>
  );
}

/** Until its evaluation ends, a version has only a number. */
const isMade = ({ status }: TrainingRun): boolean =>
  status !== 'starting' && status !== 'preparing' && status !== 'training' && status !== 'evaluating';

function VersionLink({ version, made = true }: { version: string | null; made?: boolean }) {
  if (version === null) return 'none';
  if (!made) return `Version ${version}`;
  return (
    <AnchorLink to="/model/versions/$version" params={{ version }} size="sm">
      Version {version}
    </AnchorLink>
  );
}

function Facts({ run }: { run: TrainingRun }) {
  return (
    <DataList labelWidth={140}>
      <Fact label="Cause">
        {TRIGGER[run.trigger.reason]}: {run.trigger.detail}
      </Fact>
      {run.trigger.requested_by && <Fact label="Requested by">{run.trigger.requested_by}</Fact>}
      <Fact label="Begun">{dateTime(run.created_at)}</Fact>
      {run.finished_at ? (
        <Fact label="Ended">
          {dateTime(run.finished_at)}, after{' '}
          {duration(Date.parse(run.finished_at) - Date.parse(run.created_at))}
        </Fact>
      ) : (
        <Fact label="Last update">{dateTime(run.updated_at)}</Fact>
      )}
      <Fact label="Makes">
        <VersionLink version={run.version} made={isMade(run)} />
      </Fact>
      <Fact label="From">
        <VersionLink version={run.parent} />
      </Fact>
      <Fact label="Run">{run.id}</Fact>
    </DataList>
  );
}

export function RunDetail({ run }: { run: TrainingRun }) {
  return (
    <Stack gap="lg">
      <Panel title="Progress" aside={<RunBadge status={run.status} />}>
        <RunSteps run={run} />
        <Ending run={run} />
      </Panel>
      <SimpleGrid cols={{ base: 1, sm: run.data ? 2 : 1 }}>
        <Panel title="About">
          <Facts run={run} />
        </Panel>
        {run.data && (
          <Panel title="Data">
            <DataCounts data={run.data} />
          </Panel>
        )}
      </SimpleGrid>
      <UnusableData unusable={run.unusable} />
      {(run.curves.length > 0 || isActive(run)) && (
        <Panel title="Curves">
          <Curves curves={run.curves} />
        </Panel>
      )}
      {run.gate && !run.reasons.length && (
        <Panel title="Gate">
          <List size="sm">
            {run.gate.reasons.map((reason) => (
              <List.Item key={reason}>{sentence(reason)}</List.Item>
            ))}
          </List>
        </Panel>
      )}
    </Stack>
  );
}
