import type { PromotionView } from '../../../contracts/api/model-views.ts';
import type { MadeModel, ModelRecord, Promotion } from '../../../contracts/entities/model.ts';
import type { RunningTrial } from '../../../contracts/entities/shadow-trial.ts';
import type { Promoted } from '../../../contracts/learning/steps.ts';
import { DukeError } from '../../../contracts/errors.ts';
import type { Clock } from '../../shared/clock.ts';
import { logger } from '../../shared/logger.ts';
import type { ModelStore } from '../../shared/stores/model-store.ts';
import type { RunStore } from '../../shared/stores/run-store.ts';
import { newTrial } from '../shadow/new-trial.ts';
import type { TrialBounds } from '../shadow/new-trial.ts';
import { trainedRun } from './run-of.ts';
import { everyInstanceAnswers } from './warm.ts';
import type { Endpoint } from './warm.ts';

export interface PromoteDependencies {
  readonly runs: RunStore;
  readonly models: ModelStore;
  readonly clock: Clock;
  /** How long its predecessor watches over a version that has never served before. */
  readonly watch: TrialBounds;
}

/**
 * Promotes the candidate of a run, unless another version came into production since the comparison. Idempotent.
 */
export async function promoteCandidate(deps: PromoteDependencies, runId: string): Promise<Promoted> {
  const run = await trainedRun(deps.runs, runId);
  const routing = await deps.models.routing({ consistent: true });
  if (routing?.production === run.version) return { promoted: true };
  if ((routing?.production ?? null) !== run.parent) {
    const reason = `Version ${routing?.production} came into production while ${run.version} was compared with ${run.parent}.`;
    return { promoted: false, reason };
  }
  const model = await deps.models.version(run.version, { consistent: true });
  if (!model || model.state === 'failed' || model.gate?.passed !== true) {
    throw new Error(`version ${run.version} has not passed the gate`);
  }
  const promotion: Promotion = {
    revision: (routing?.revision ?? 0) + 1,
    version: run.version,
    previous: run.parent,
    by: 'pipeline',
    run_id: runId,
    at: deps.clock().toISOString(),
  };
  if (!(await deps.models.promote(promotion, model.kinds, watchOver(deps, model, promotion)))) {
    throw new Error(`the routing changed while ${run.version} was being promoted`);
  }
  logger.info('version promoted', { ...promotion });
  return { promoted: true };
}

/** The watch over a version: none over the first, nor over one that has served before. */
function watchOver(
  { clock, watch }: Pick<PromoteDependencies, 'clock' | 'watch'>,
  model: MadeModel,
  { version, previous }: Promotion,
): RunningTrial | undefined {
  if (previous === null || (model.state !== 'candidate' && model.state !== 'archived')) return undefined;
  return newTrial({ purpose: 'watch', candidate: version, baseline: previous }, watch, clock());
}

/** Whether an admin may promote a version: without a reason, only with a stored reason, or not at all. */
export function promotable(model: ModelRecord): 'yes' | 'with_reason' | 'no' {
  if (model.state === 'failed') return 'no';
  // A version that has already served needs no reason to serve again, unless it was rolled back.
  if (model.state === 'production') return 'yes';
  if (model.state === 'retired') return model.rollback_reason === undefined ? 'yes' : 'with_reason';
  return model.gate?.passed === true ? 'yes' : 'with_reason';
}

/**
 * Promotes a version at an admin's request. Also used to roll back to an earlier version.
 * @throws DukeError not_found, not_deployable, conflict
 */
export async function promoteByHand(
  deps: Omit<PromoteDependencies, 'runs'> & Endpoint,
  adminId: string,
  version: string,
  overrideReason: string | undefined,
): Promise<PromotionView> {
  const [model, routing] = await Promise.all([
    deps.models.version(version, { consistent: true }),
    deps.models.routing({ consistent: true }),
  ]);
  if (!model) throw new DukeError('not_found', `There is no version ${version}.`);
  if (routing?.production === version)
    return currentPromotion(deps.models, version, routing.revision, routing.updated_at);
  const allowed = assertDeployable(model, overrideReason);
  await assertLoads(deps, allowed);
  const promotion: Promotion = {
    revision: (routing?.revision ?? 0) + 1,
    version,
    previous: routing?.production ?? null,
    by: adminId,
    ...(overrideReason !== undefined && { override_reason: overrideReason }),
    at: deps.clock().toISOString(),
  };
  if (!(await deps.models.promote(promotion, allowed.kinds, watchOver(deps, allowed, promotion)))) {
    throw new DukeError('conflict', 'Somebody else changed what serves at this moment: look, and ask again.');
  }
  logger.info('version promoted by hand', { ...promotion });
  return { version, previous: promotion.previous, revision: promotion.revision, at: promotion.at };
}

/** The promotion that put the current production version in place. */
async function currentPromotion(
  models: ModelStore,
  version: string,
  revision: number,
  at: string,
): Promise<PromotionView> {
  const previous = (await models.promotion(revision))?.previous ?? null;
  return { version, previous, revision, at };
}

function assertDeployable(model: ModelRecord, overrideReason: string | undefined): MadeModel {
  if (model.state === 'failed') {
    throw new DukeError('not_deployable', `Version ${model.version} was never made: ${model.failure_reason}`);
  }
  if (promotable(model) === 'with_reason' && overrideReason === undefined) {
    const why = reasonAgainst(model);
    throw new DukeError('not_deployable', `${why} Give an override_reason to promote it all the same.`);
  }
  return model;
}

function reasonAgainst(model: MadeModel): string {
  if (model.state === 'retired' && model.rollback_reason !== undefined)
    return `It was rolled back: ${model.rollback_reason}`;
  return model.gate ? `The gate said: ${model.gate.reasons.join(' ')}` : 'It has not been to the gate.';
}

/** Rejects a version that cannot be loaded. One still loading is accepted, so that a rollback does not wait for it. */
async function assertLoads(endpoint: Endpoint, model: MadeModel): Promise<void> {
  const loaded = await everyInstanceAnswers(endpoint, model).catch((error: unknown) => {
    throw new DukeError('not_deployable', error instanceof Error ? error.message : 'It does not load.', {
      cause: error,
    });
  });
  if (!loaded) logger.warn('promoted while it is being loaded', { version: model.version });
}
