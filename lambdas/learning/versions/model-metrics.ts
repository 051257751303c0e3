import type { ModelMetrics } from '../../../contracts/api/model-views.ts';
import { DUKE_MM_ID } from '../../../contracts/entities/common.ts';
import type { ModelRecord } from '../../../contracts/entities/model.ts';
import { DukeError } from '../../../contracts/errors.ts';
import { ModelEvaluation } from '../../../contracts/learning/evaluation.ts';
import { ALL_AGENTS } from '../../../contracts/naming.ts';
import type { Caller } from '../../shared/http/caller.ts';
import type { ObjectStore } from '../../shared/objects.ts';
import type { AgentStore } from '../../shared/stores/agent-store.ts';
import type { ModelStore } from '../../shared/stores/model-store.ts';

export interface MetricsDependencies {
  readonly models: ModelStore;
  readonly agents: AgentStore;
  readonly work: ObjectStore;
  readonly downloadUrl: (key: string, filename: string) => Promise<string>;
}

const DAYS = 90;

/**
 * The evaluation report of a version. Families are visible only to the buyer who owns them, and to admins.
 * @throws DukeError not_found
 */
export async function modelMetrics(
  deps: MetricsDependencies,
  caller: Pick<Caller, 'userId' | 'role'>,
  requested: string | undefined,
): Promise<ModelMetrics> {
  const version = requested ?? (await deps.models.routing())?.production;
  const model = version === undefined ? undefined : await deps.models.version(version);
  if (!model)
    throw new DukeError('not_found', version ? `There is no version ${version}.` : 'No version serves yet.');
  const [report, takeover] = await Promise.all([reportOf(deps.work, model), takeoverOf(deps.agents)]);
  const made = model.state === 'failed' ? undefined : model;
  const card = made?.model_card_key ?? null;
  const { accuracy = null, precision = null, recall = null, f1 = null, ece = null } = report?.candidate ?? {};
  return {
    version: model.version,
    compared_with: report?.compared_with ?? null,
    accuracy,
    precision,
    recall,
    f1,
    ece,
    evaluated_at: report?.created_at ?? null,
    candidate: report?.candidate ?? null,
    production: report?.production ?? null,
    flips: report?.flips ?? null,
    feature_importance: report?.feature_importance ?? [],
    gate: made?.gate ?? null,
    gate_rules: report?.gate.rules ?? [],
    families: familiesFor(caller, report),
    curves: report?.curves ?? [],
    model_card_url: card === null ? null : await deps.downloadUrl(card, `duke-mm-${model.version}.md`),
    takeover,
  };
}

async function reportOf(work: ObjectStore, model: ModelRecord): Promise<ModelEvaluation | undefined> {
  if (model.state === 'failed' || model.report_key === null) return undefined;
  return ModelEvaluation.parse(JSON.parse(await work.text(model.report_key)));
}

const familiesFor = (
  { userId, role }: Pick<Caller, 'userId' | 'role'>,
  report: ModelEvaluation | undefined,
): ModelMetrics['families'] =>
  Object.entries(report?.families ?? {})
    .filter(([, { buyer_id }]) => role === 'admin' || buyer_id === userId)
    .map(([family, evaluation]) => ({ family, ...evaluation }));

async function takeoverOf(agents: AgentStore): Promise<ModelMetrics['takeover']> {
  const [all, ofDuke] = await Promise.all([agents.days(ALL_AGENTS, DAYS), agents.days(DUKE_MM_ID, DAYS)]);
  const byDay = new Map(ofDuke.map((day) => [day.day, day]));
  const rate = (day: { judged: number; share_bp: number } | undefined): number | null =>
    day && day.judged > 0 ? day.share_bp / (10_000 * day.judged) : null;
  return all.map((day) => {
    const duke = byDay.get(day.day);
    return {
      day: day.day,
      judged: day.judged,
      duke_mm: duke?.judged ?? 0,
      success_rate: rate(day),
      duke_mm_success_rate: rate(duke),
    };
  });
}
