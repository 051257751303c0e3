import type { RunSummary, RunView, TrialView, VersionView } from '../../../contracts/api/model-views.ts';
import type { ModelRecord } from '../../../contracts/entities/model.ts';
import type { ShadowTrial } from '../../../contracts/entities/shadow-trial.ts';
import { trialResult } from '../../../contracts/rules/shadow-trial.ts';
import type { TrainingRun } from '../../../contracts/entities/run.ts';
import { promotable } from '../pipeline/promote.ts';

export function versionView(model: ModelRecord): VersionView {
  const made = model.state === 'failed' ? undefined : model;
  return {
    version: model.version,
    state: model.state,
    kinds: made?.kinds ?? [],
    parent: model.parent,
    created_at: model.created_at,
    promoted_at: 'promoted_at' in model ? model.promoted_at : null,
    retired_at: 'retired_at' in model ? model.retired_at : null,
    rollback_reason: (model.state === 'retired' && model.rollback_reason) || null,
    failure_reason: model.state === 'failed' ? model.failure_reason : null,
    size_bytes: made?.size_bytes ?? null,
    sha256: made?.sha256 ?? null,
    lineage: made?.lineage ?? null,
    metrics: made?.metrics ?? null,
    gate: made?.gate ?? null,
    promotable: promotable(model),
  };
}

export function runSummary(run: TrainingRun): RunSummary {
  const { reason, detail, requested_by } = run.trigger;
  return {
    id: run.id,
    status: run.status,
    trigger: { reason, detail, ...(requested_by !== undefined && { requested_by }) },
    parent: run.parent,
    version: run.version ?? null,
    data: run.data ?? null,
    epochs: run.curves.length,
    gate: run.gate ?? null,
    canary: run.canary ?? null,
    reasons: run.status === 'archived' ? run.reasons : [],
    failure: run.status === 'failed' ? run.failure : null,
    created_at: run.created_at,
    updated_at: run.updated_at,
    finished_at: 'finished_at' in run ? run.finished_at : null,
  };
}

export const runView = (run: TrainingRun): RunView => ({
  ...runSummary(run),
  curves: run.curves,
  unusable: run.unusable ?? {},
});

export function trialView(trial: ShadowTrial): TrialView {
  const { comparison, difference, lower, upper } = trialResult(trial);
  const { purpose, candidate, baseline, wins, losses, ties, tasks, max_items, started_at, ends_at } = trial;
  return {
    ...{ purpose, candidate, baseline, wins, losses, ties, tasks, max_items, started_at, ends_at },
    ended_at: trial.status === 'ended' ? trial.ended_at : null,
    comparison,
    difference,
    lower,
    upper,
  };
}
