import type { GateDecision, MetricsSummary, Scores } from '../../../contracts/entities/model.ts';
import { Scores as ScoresSchema } from '../../../contracts/entities/model.ts';
import type { ModelEvaluation } from '../../../contracts/learning/evaluation.ts';
import type { Gated } from '../../../contracts/learning/steps.ts';
import { objects } from '../../../contracts/naming.ts';
import type { Clock } from '../../shared/clock.ts';
import type { ObjectStore } from '../../shared/objects.ts';
import type { ModelStore } from '../../shared/stores/model-store.ts';
import type { RunStore } from '../../shared/stores/run-store.ts';
import type { ReportUnusable } from './report-unusable.ts';
import { reportOf } from './report-of.ts';
import { trainedRun } from './run-of.ts';

export interface GateDependencies {
  readonly runs: RunStore;
  readonly models: ModelStore;
  readonly work: ObjectStore;
  readonly clock: Clock;
  readonly reportUnusable: ReportUnusable;
}

/**
 * Copies the evaluation's gate decision and metrics into the records of the run and the candidate. The evaluation has
 * computed the statistics; `reportOf` verifies that they compare this candidate with this production version.
 */
export async function gate(deps: GateDependencies, runId: string): Promise<Gated> {
  const run = await trainedRun(deps.runs, runId);
  const report = await reportOf(deps.work, run);
  const decision: GateDecision = {
    passed: report.gate.decision === 'promote',
    reasons: report.gate.reasons,
    decided_at: deps.clock().toISOString(),
  };
  const card = objects.modelCard(runId);
  const change = {
    metrics: summaryOf(report),
    gate: decision,
    report_key: objects.report(runId),
    model_card_key: (await deps.work.size(card)) === undefined ? null : card,
  };
  if (!(await deps.models.updateCandidate(run.version, change))) {
    throw new Error(`version ${run.version} is no longer a candidate`);
  }
  const unusable = { ...run.unusable, ...(report.unusable && { evaluate: report.unusable }) };
  deps.reportUnusable(runId, unusable);
  await deps.runs.update(runId, {
    status: 'deciding',
    gate: decision,
    unusable,
    updated_at: decision.decided_at,
  });
  return { passed: decision.passed, reasons: decision.reasons };
}

const NAMES = Object.keys(ScoresSchema.shape) as (keyof Scores)[];
/** The scores that lists show. */
const scoresOf = (measured: Scores): Scores =>
  Object.fromEntries(NAMES.map((name) => [name, measured[name]])) as Scores;

const summaryOf = (report: ModelEvaluation): MetricsSummary => ({
  compared_with: report.compared_with,
  candidate: scoresOf(report.candidate),
  production: report.production && scoresOf(report.production),
  negative_flips: report.flips?.negative ?? null,
  positive_flips: report.flips?.positive ?? null,
});
