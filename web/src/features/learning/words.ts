import { isActiveRun } from '../../../../contracts/rules/run-status.ts';
import type { ModelMetrics, ModelStatus, ModelVersion, TrainingRun } from '../../lib/api/types.ts';

type RunStatus = TrainingRun['status'];
type Word = { readonly label: string; readonly color: string };

export const VERSION_STATE: Record<ModelVersion['state'], Word> = {
  candidate: { label: 'Candidate', color: 'duke' },
  production: { label: 'In production', color: 'teal' },
  retired: { label: 'Retired', color: 'gray' },
  archived: { label: 'Archived', color: 'orange' },
  failed: { label: 'Failed', color: 'red' },
};

export const RUN_STATUS: Record<RunStatus, Word> = {
  starting: { label: 'Starting', color: 'duke' },
  preparing: { label: 'Preparing data', color: 'duke' },
  training: { label: 'Training', color: 'duke' },
  evaluating: { label: 'Evaluating', color: 'duke' },
  deciding: { label: 'At the gate', color: 'duke' },
  canary: { label: 'Compared on live work', color: 'duke' },
  promoted: { label: 'Promoted', color: 'teal' },
  archived: { label: 'Archived', color: 'orange' },
  failed: { label: 'Failed', color: 'red' },
};

export const isActive = ({ status }: { status: RunStatus }): boolean => isActiveRun(status);

export const TRIGGER: Record<TrainingRun['trigger']['reason'], string> = {
  bootstrap: 'First version',
  schedule: 'Every night',
  outcomes: 'Enough new outcomes',
  success_rate: 'Success rate fell',
  admin: 'By an administrator',
};

/** What people's verdicts say about the newer of two versions. */
export const COMPARISON: Record<ModelStatus['trials'][number]['comparison'], Word> = {
  better: { label: 'Better', color: 'teal' },
  equivalent: { label: 'As good', color: 'teal' },
  undecided: { label: 'Undecided', color: 'duke' },
  worse: { label: 'Worse', color: 'red' },
};

export const RULE: Record<ModelMetrics['gate_rules'][number]['rule'], string> = {
  answers: 'Every answer can be delivered',
  better: 'Better than production, beyond noise',
  no_class_worse: 'No class and no family is worse',
  negative_flips: 'Little that was right is wrong now',
  revenue: 'It earns no less than production',
};

/** SageMaker's status names. `Unknown`: it did not answer. */
export function endpointWord(status: string): Word {
  switch (status) {
    case 'InService':
      return { label: 'Endpoint in service', color: 'teal' };
    case 'Updating':
    case 'SystemUpdating':
    case 'Creating':
    case 'RollingBack':
      return { label: `Endpoint: ${status.toLowerCase()}`, color: 'duke' };
    case 'Unknown':
      return { label: 'Endpoint does not answer', color: 'orange' };
    default:
      return { label: `Endpoint: ${status}`, color: 'red' };
  }
}

/** `all 97 answers can be delivered` → `All 97 answers can be delivered.` */
export const sentence = (text: string): string => {
  const whole = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?]$/.test(whole) ? whole : `${whole}.`;
};
