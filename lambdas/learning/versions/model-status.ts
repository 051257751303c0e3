import type { ModelStatus, RunView } from '../../../contracts/api/model-views.ts';
import { DUKE_MM_ID } from '../../../contracts/entities/common.ts';
import type { Clock } from '../../shared/clock.ts';
import type { Caller } from '../../shared/http/caller.ts';
import type { AgentStore } from '../../shared/stores/agent-store.ts';
import type { ModelStore } from '../../shared/stores/model-store.ts';
import type { RunStore } from '../../shared/stores/run-store.ts';
import type { TrainingLockStore } from '../../shared/stores/training-lock-store.ts';
import type { TrialStore } from '../../shared/stores/trial-store.ts';
import type { TrainingStore } from '../../shared/stores/training-store.ts';
import { fullWindowRate } from '../../../contracts/rules/reputation.ts';
import { OUTCOMES_PER_RUN, SUCCESS_FLOOR } from '../triggers/progress.ts';
import { runView, trialView, versionView } from './views.ts';

export interface StatusDependencies {
  readonly models: ModelStore;
  readonly trials: TrialStore;
  readonly runs: RunStore;
  readonly locks: TrainingLockStore;
  readonly training: TrainingStore;
  readonly agents: AgentStore;
  readonly clock: Clock;
  /** SageMaker's status of the endpoint. */
  readonly endpointStatus: () => Promise<string>;
  /** Time of day of the nightly run, `HH:MM` in UTC. */
  readonly nightlyAt: string;
}

/** The status of a run is public; who requested it, why, and with which data is visible to admins only. */
export async function modelStatus(
  deps: StatusDependencies,
  caller: Pick<Caller, 'role'>,
): Promise<ModelStatus> {
  const [routing, lock, state, progress, duke, trials, status] = await Promise.all([
    deps.models.routing(),
    deps.locks.lock(),
    deps.locks.state(),
    deps.training.progress(),
    deps.agents.stats(DUKE_MM_ID),
    deps.trials.newest(),
    deps.endpointStatus(),
  ]);
  const [production, run] = await Promise.all([
    routing && deps.models.version(routing.production),
    lock && deps.runs.get(lock.run_id),
  ]);
  const total = progress?.outcomes_total ?? 0;
  return {
    production: production ? versionView(production) : null,
    run: run ? forRole(caller, runView(run)) : null,
    queued: lock?.pending !== undefined,
    trials: trials.map(trialView),
    triggers: {
      outcomes_total: total,
      outcomes_since_training: total - state.outcomes_at_training,
      outcomes_per_run: OUTCOMES_PER_RUN,
      success_rate_last_100: fullWindowRate(duke?.recent ?? []) ?? null,
      judged_in_window: duke?.recent.length ?? 0,
      success_rate_floor: SUCCESS_FLOOR,
      next_scheduled_at: nextAt(deps.nightlyAt, deps.clock()),
    },
    endpoint: { status },
  };
}

function forRole(caller: Pick<Caller, 'role'>, run: RunView): RunView {
  if (caller.role === 'admin') return run;
  return { ...run, trigger: { reason: run.trigger.reason, detail: '' }, data: null, unusable: {} };
}

/** The next time that a clock in UTC shows `HH:MM`. */
export function nextAt(time: string, now: Date): string {
  const today = `${now.toISOString().slice(0, 10)}T${time}:00.000Z`;
  if (today > now.toISOString()) return today;
  return new Date(Date.parse(today) + 24 * 3_600_000).toISOString();
}
