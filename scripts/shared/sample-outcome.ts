import type { TrainingExample } from '../../contracts/entities/training.ts';
import { newId } from '../../lambdas/shared/ids.ts';

/** A confirmed answer to an item of a separate task, for tests and benchmarks. */
export function sampleOutcome(text: string, overrides: Partial<TrainingExample> = {}): TrainingExample {
  const resultId = newId();
  return {
    id: `${resultId}#1`,
    task_id: newId(),
    result_id: resultId,
    buyer_id: newId(),
    family: 'fam_a',
    kind: 'classification',
    description: 'Is this mail spam?',
    labels: ['ham', 'spam'],
    item: { id: '1', fields: { text } },
    expected: 'ham',
    prediction: 'ham',
    confidence: 0.9,
    success: true,
    label_source: 'accepted',
    weight: 1,
    agent_name: 'duke-mm',
    model_version: '1',
    created_at: '2026-03-01T11:00:00.000Z',
    ...overrides,
  };
}
