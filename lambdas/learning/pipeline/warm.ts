import type { MadeModel } from '../../../contracts/entities/model.ts';
import type { Warmed } from '../../../contracts/learning/steps.ts';
import type { InvocationRequest } from '../../../contracts/serving/invocation.ts';
import type { DukeMMClient } from '../../shared/duke-mm-client.ts';
import { newId } from '../../shared/ids.ts';
import type { ModelStore } from '../../shared/stores/model-store.ts';
import type { RunStore } from '../../shared/stores/run-store.ts';
import { trainedRun } from './run-of.ts';

export interface WarmDependencies {
  readonly runs: RunStore;
  readonly models: ModelStore;
  readonly dukeMM: DukeMMClient;
}

/** Whether the endpoint serves the candidate. The request makes it load the version. @throws Error if it rejects it */
export async function warm(deps: WarmDependencies, runId: string): Promise<Warmed> {
  const { version } = await trainedRun(deps.runs, runId);
  const model = await deps.models.version(version, { consistent: true });
  if (!model || model.state === 'failed') throw new Error(`version ${version} is not in the registry`);
  return { ready: await answers(deps.dukeMM, model) };
}

/** @throws Error with the model's message if it rejects the version, for example because its artifact is corrupt */
export async function answers(dukeMM: DukeMMClient, model: MadeModel): Promise<boolean> {
  const invocation = await dukeMM.invoke(question(model), model.version);
  if (invocation.outcome === 'refused') throw new Error(`version ${model.version}: ${invocation.why}`);
  return invocation.outcome === 'answered' && invocation.response.model_version === model.version;
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
