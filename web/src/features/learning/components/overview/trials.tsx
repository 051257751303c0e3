import { Badge, DataList } from '@mantine/core';
import { Fact } from '../../../../components/fact.tsx';
import { Panel } from '../../../../components/panel.tsx';
import type { ModelStatus } from '../../../../lib/api/types.ts';
import { count, dateTime, number } from '../../../../lib/format.ts';
import { points } from '../../figures.ts';
import { COMPARISON } from '../../words.ts';

type Trial = ModelStatus['trials'][number];

const DESCRIPTION: Record<Trial['purpose'], string> = {
  canary:
    'Before its promotion the newer version answers tasks unseen. What people say about each item decides.',
  watch:
    'After the promotion the earlier version answers tasks unseen. It comes back if people find it better.',
};

const MOMENT: Record<Trial['purpose'], string> = {
  canary: 'before its promotion',
  watch: 'after its promotion',
};

function TrialPanel({ trial }: { trial: Trial }) {
  const { candidate, baseline, wins, losses, ties } = trial;
  const word = COMPARISON[trial.comparison];
  const judged = wins + losses + ties;
  return (
    <Panel
      title={`Version ${candidate} compared with ${baseline} on live work ${MOMENT[trial.purpose]}`}
      description={DESCRIPTION[trial.purpose]}
      aside={
        <Badge color={word.color} variant="light">
          {word.label}
        </Badge>
      }
    >
      <DataList labelWidth={190}>
        <Fact label="Judged">
          {count(judged, 'item')} of {count(trial.tasks, 'task')}
        </Fact>
        <Fact label={`Only version ${candidate} right`}>{number(wins)}</Fact>
        <Fact label={`Only version ${baseline} right`}>{number(losses)}</Fact>
        {judged > 0 && (
          <Fact label="Difference">
            {points(trial.difference)}; with a probability of 95 % between {points(trial.lower)} and{' '}
            {points(trial.upper)}
          </Fact>
        )}
        <Fact label={trial.ended_at ? 'Ended' : 'Ends'}>
          {trial.ended_at
            ? dateTime(trial.ended_at)
            : `${dateTime(trial.ends_at)}, after ${number(trial.max_items)} items, or once it is decided`}
        </Fact>
      </DataList>
    </Panel>
  );
}

/** The newest comparisons of two versions on the same live items. */
export const Trials = ({ trials }: { trials: readonly Trial[] }) =>
  trials.map((trial) => <TrialPanel key={`${trial.purpose} ${trial.candidate}`} trial={trial} />);
