import { ModelMetrics, ModelStatus, RunView, VersionView } from '../../../contracts/api/model-views.ts';
import { ModelEvaluation } from '../../../contracts/learning/evaluation.ts';
import evaluation from '../../../test/contract/evaluation.json';
import type { User } from '../lib/session/index.ts';

/** Answers of the API as the contract has them: each is parsed by its schema, so none can differ from it. */
const report = ModelEvaluation.parse(evaluation);
export const RUN_ID = '018f0000-0000-7000-8000-0000000000aa';
const at = (day: number): string => `2026-11-${String(day).padStart(2, '0')}T08:00:00.000Z`;
const hash = 'a'.repeat(64);

const curve = (epoch: number) => ({
  epoch,
  train_loss: 1 / epoch,
  val_loss: 1.2 / epoch,
  accuracy: 1 - 0.5 / epoch,
  f1: epoch === 2 ? null : 1 - 0.6 / epoch,
});
export const runOf = (changes: Partial<RunView> = {}): RunView =>
  RunView.parse({
    id: RUN_ID,
    status: 'training',
    trigger: { reason: 'outcomes', detail: '300 outcomes' },
    parent: '2',
    version: '3',
    data: null,
    epochs: 3,
    gate: null,
    canary: null,
    reasons: [],
    failure: null,
    created_at: at(20),
    updated_at: at(20),
    finished_at: null,
    curves: [1, 2, 3].map(curve),
    unusable: {},
    ...changes,
  });

const gate = { passed: true, reasons: report.gate.reasons, decided_at: at(10) };
const lineage = {
  run_id: RUN_ID,
  manifest_key: 'training/x/manifest.json',
  data_sha256: hash,
  examples: 1200,
};
const { candidate, production } = report;
const scores = ({ items, accuracy, precision, recall, f1, ece, r2, mae }: typeof candidate) => ({
  ...{ items, accuracy, precision, recall, f1, ece, r2, mae },
});
export const versionOf = (changes: Partial<VersionView> = {}): VersionView =>
  VersionView.parse({
    version: '2',
    state: 'production',
    kinds: ['classification'],
    parent: '1',
    created_at: at(10),
    promoted_at: at(10),
    retired_at: null,
    rollback_reason: null,
    failure_reason: null,
    size_bytes: 1_048_576,
    sha256: hash,
    lineage,
    metrics: {
      compared_with: '1',
      candidate: scores(candidate),
      production: production && scores(production),
      negative_flips: 5,
      positive_flips: 15,
    },
    gate,
    promotable: 'yes',
    ...changes,
  });

export const metricsOf = (changes: Partial<ModelMetrics> = {}): ModelMetrics => {
  const { accuracy, precision, recall, f1, ece } = candidate;
  return ModelMetrics.parse({
    ...{ version: '2', compared_with: '1', accuracy, precision, recall, f1, ece },
    evaluated_at: at(10),
    candidate,
    production,
    flips: report.flips,
    feature_importance: report.feature_importance,
    gate,
    gate_rules: report.gate.rules,
    families: Object.entries(report.families).map(([family, one]) => ({ family, ...one })),
    curves: [1, 2, 3].map(curve),
    model_card_url: null,
    takeover: [9, 10, 11].map((day) => ({
      day: at(day).slice(0, 10),
      judged: 10,
      duke_mm: day - 2,
      success_rate: 0.9,
      duke_mm_success_rate: day === 9 ? null : 0.95,
    })),
    ...changes,
  });
};

export const statusOf = (changes: Partial<ModelStatus> = {}): ModelStatus =>
  ModelStatus.parse({
    production: versionOf(),
    run: null,
    queued: false,
    trials: [],
    triggers: {
      outcomes_total: 242,
      outcomes_since_training: 42,
      outcomes_per_run: 100,
      success_rate_last_100: 0.934,
      judged_in_window: 100,
      success_rate_floor: 0.85,
      next_scheduled_at: at(26),
    },
    endpoint: { status: 'InService' },
    ...changes,
  });

export const userOf = (user_type: User['user_type']): User => ({
  id: '018f0000-0000-7000-8000-000000000001',
  email: 'ada@example.com',
  user_type,
  full_name: 'Ada',
  created_at: at(1),
  is_active: true,
});
