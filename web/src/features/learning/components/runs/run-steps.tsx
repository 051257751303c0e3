import { Stepper, useMatches } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import type { TrainingRunSummary } from '../../../../lib/api/types.ts';
import { stepStates, STEPS, type StepState } from '../../run-steps.ts';

const WORD: Record<StepState, string> = {
  done: 'done',
  active: 'now',
  waiting: 'waiting',
  stopped: 'ended here',
};

/** The steps of a run, from data to production. */
export function RunSteps({ run }: { run: TrainingRunSummary }) {
  const orientation = useMatches<'vertical' | 'horizontal'>({ base: 'vertical', sm: 'horizontal' });
  const states = stepStates(run);
  const color = run.status === 'failed' ? 'red' : 'orange';
  const done = states.filter((state) => state === 'done').length;
  return (
    <Stepper active={done} orientation={orientation} size="sm" iconSize={30} aria-label="Progress of the run">
      {STEPS.map((label, step) => {
        const state = states[step] ?? 'waiting';
        const told = state === 'active' && label === 'Training' && run.epochs > 0;
        return (
          <Stepper.Step
            key={label}
            label={label}
            description={told ? `epoch ${run.epochs}` : WORD[state]}
            loading={state === 'active'}
            {...(state === 'stopped' && { color, icon: <IconX size={16} aria-hidden /> })}
          />
        );
      })}
    </Stepper>
  );
}
