import { Text } from '@mantine/core';
import { AnchorLink } from '../../../../components/links.tsx';
import type { TrainingRun } from '../../../../lib/api/types.ts';
import { dateTime } from '../../../../lib/format.ts';
import { Curves } from '../../charts/curves.tsx';
import { TRIGGER } from '../../words.ts';
import { Panel } from '../../../../components/panel.tsx';
import { RunSteps } from '../runs/run-steps.tsx';
import { RunBadge } from '../state-badge.tsx';

interface Props {
  run: TrainingRun;
  queued: boolean;
  /** Whether the viewer may open the page of a run. */
  admin: boolean;
}

/** The current run with its live curves. */
export function CurrentRun({ run, queued, admin }: Props) {
  const name = run.version ? `Version ${run.version} is in training` : 'A run is in progress';
  return (
    <Panel
      title={name}
      description={
        <>
          {TRIGGER[run.trigger.reason]} · started {dateTime(run.created_at)}
          {admin && ' · '}
          {admin && (
            <AnchorLink
              to="/model/runs/$runId"
              params={{ runId: run.id }}
              size="sm"
              inherit
              underline="always"
            >
              Open the run
            </AnchorLink>
          )}
        </>
      }
      aside={
        <div role="status">
          <RunBadge status={run.status} />
        </div>
      }
    >
      <RunSteps run={run} />
      <Curves curves={run.curves} />
      {queued && (
        <Text size="sm" c="dimmed">
          Another run is queued after this one.
        </Text>
      )}
    </Panel>
  );
}
