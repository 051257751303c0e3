import type { MadeModel } from '../../../contracts/entities/model.ts';
import type { Warmed } from '../../../contracts/learning/steps.ts';
import type { InvocationRequest } from '../../../contracts/serving/invocation.ts';
import type { Clock } from '../../shared/clock.ts';
import type { DukeMMClient } from '../../shared/duke-mm-client.ts';
import { newId } from '../../shared/ids.ts';
import type { ModelStore } from '../../shared/stores/model-store.ts';
import type { RunStore } from '../../shared/stores/run-store.ts';
import { trainedRun } from './run-of.ts';

/** The endpoint and its number of instances. */
export interface Endpoint {
  readonly dukeMM: DukeMMClient;
  readonly instanceCount: () => Promise<number>;
  readonly clock: Clock;
}

export interface WarmDependencies extends Endpoint {
  readonly runs: RunStore;
  readonly models: ModelStore;
}

/**
 * Requests per instance. SageMaker picks an instance for each by itself and offers no way to name one: of two instances, one
 * is missed by sixteen requests in a row once in 32,768 times, of eight instances by 64 requests once in 600.
 */
const REQUESTS_PER_INSTANCE = 8;
/** Time after which no further request starts: a request may take 65 s, and the function has 80 s. */
const BUDGET_MS = 10_000;

/** Whether the endpoint serves the candidate. The requests make it load the version. @throws Error if it rejects it */
export async function warm(deps: WarmDependencies, runId: string): Promise<Warmed> {
  const { version } = await trainedRun(deps.runs, runId);
  const model = await deps.models.version(version, { consistent: true });
  if (!model || model.state === 'failed') throw new Error(`version ${version} is not in the registry`);
  return { ready: await everyInstanceAnswers(deps, model) };
}

/**
 * Whether each instance has answered with this version; false if one is busy, or there is no endpoint.
 * @throws Error with the model's message if it rejects the version, for example because its artifact is corrupt
 */
export async function everyInstanceAnswers(
  { dukeMM, instanceCount, clock }: Endpoint,
  model: MadeModel,
): Promise<boolean> {
  const count = await instanceCount();
  const until = clock().getTime() + BUDGET_MS;
  const answered = new Set<string | undefined>();
  for (let request = 0; request < REQUESTS_PER_INSTANCE * count && clock().getTime() < until; request++) {
    const invocation = await dukeMM.invoke(question(model), model.version);
    if (invocation.outcome === 'refused') throw new Error(`version ${model.version}: ${invocation.why}`);
    if (invocation.outcome === 'busy' || invocation.response.model_version !== model.version) return false;
    answered.add(invocation.instance);
    // Containers of an earlier release do not say which instance they are.
    if (answered.size >= count || answered.has(undefined)) return true;
  }
  return false;
}

/** One item of a kind that the version supports; the answer is ignored. */
const question = ({ kinds }: MadeModel): InvocationRequest => ({
  task: {
    id: newId(),
    family: 'warm-up',
    kind: kinds[0] ?? 'classification',
    description: 'Is this ready?',
    ...(kinds[0] === 'classification' && { labels: ['yes', 'no'] }),
  },
  items: [{ id: 'warm-up', fields: { text: 'ready' } }],
});
