import { DataList, Progress, Text } from '@mantine/core';
import type { ModelStatus } from '../../../../lib/api/types.ts';
import { dateTime, number, percent } from '../../../../lib/format.ts';
import { ABSENT } from '../../figures.ts';
import { Fact } from '../../../../components/fact.tsx';
import { Panel } from '../../../../components/panel.tsx';

/** The conditions that start the next run, and their current values. */
export function NextRun({ status: { triggers, queued } }: { status: ModelStatus }) {
  const { outcomes_since_training: fresh, outcomes_per_run: needed } = triggers;
  return (
    <Panel title="Next training">
      <div>
        <Text size="sm" mb={6}>
          <b className="tabular">{number(fresh)}</b>{' '}
          {fresh < needed
            ? `of ${number(needed)} new outcomes since the last training`
            : `new outcomes since the last training: enough for a run, which takes ${number(needed)}`}
        </Text>
        <Progress
          value={Math.min(100, (100 * fresh) / needed)}
          size="lg"
          aria-label={
            fresh < needed
              ? `${number(fresh)} of ${number(needed)} new outcomes`
              : `${number(fresh)} new outcomes, enough for a run`
          }
        />
      </div>
      <DataList labelWidth={150}>
        <Fact label="Scheduled">
          {triggers.next_scheduled_at ? dateTime(triggers.next_scheduled_at) : ABSENT}
        </Fact>
        <Fact label="Also">
          when fewer than {percent(triggers.success_rate_floor)} of the last 100 tasks succeed
        </Fact>
        <Fact label="Outcomes so far">{number(triggers.outcomes_total)}</Fact>
        {queued && <Fact label="Queued">Another run is queued after the current one.</Fact>}
      </DataList>
    </Panel>
  );
}
