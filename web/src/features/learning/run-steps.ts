import type { TrainingRun } from '../../lib/api/types.ts';

/** The steps shown to users, in the order of the state machine. */
export const STEPS = ['Data', 'Training', 'Evaluation', 'Gate', 'Live comparison', 'Production'] as const;

const AT: Record<Exclude<TrainingRun['status'], 'failed' | 'archived'>, number> = {
  starting: 0,
  preparing: 0,
  training: 1,
  evaluating: 2,
  deciding: 3,
  canary: 4,
  promoted: STEPS.length,
};

/** Names of the steps in failures. */
const OF_FAILURE: readonly (readonly [RegExp, number])[] = [
  [/^(Begin|Prepare)$/, 0],
  [/^(Train|PollTraining)$/, 1],
  [/^(Evaluate|PollEvaluation|Register)$/, 2],
  [/^Gate$/, 3],
  [/^(Warm|Canary)$/, 4],
  [/^(Promote|RecordPromotion)$/, 5],
];

export type StepState = 'done' | 'active' | 'waiting' | 'stopped';

/** The step at which a run stopped: the one its failure names, else the last one that its data shows. */
function stoppedAt(run: Omit<TrainingRun, 'curves' | 'unusable'>): number {
  const step = run.failure?.step ?? '';
  const named = OF_FAILURE.find(([pattern]) => pattern.test(step));
  if (named) return named[1];
  if (run.gate) return run.gate.passed ? 4 : 3;
  if (run.epochs > 0) return 2;
  return run.data && run.status === 'failed' ? 1 : 0;
}

/** The state of each step. An archived run stopped for too little data, at the gate, or where it was worse on live work. */
export function stepStates(run: Omit<TrainingRun, 'curves' | 'unusable'>): StepState[] {
  const stopped = run.status === 'failed' || run.status === 'archived';
  const at = run.status === 'failed' || run.status === 'archived' ? stoppedAt(run) : AT[run.status];
  return STEPS.map((_, step) => {
    if (step < at) return 'done';
    if (step > at) return 'waiting';
    return stopped ? 'stopped' : 'active';
  });
}
