import { SageMakerRuntimeClient } from '@aws-sdk/client-sagemaker-runtime';
import type { TaskView } from '../../../contracts/api/tasks.ts';
import { endpointName } from '../../../contracts/naming.ts';
import type { ItemPayload } from '../../../contracts/serving/invocation.ts';
import { sageMakerClient } from '../../../lambdas/shared/duke-mm-client.ts';
import { poll } from '../../shared/poll.ts';

export type AskFrozen = (task: TaskView, items: ItemPayload[]) => Promise<(string | number)[]>;

const BUSY_MS = 1000;
const TIMEOUT_MS = 5 * 60_000;

/**
 * Sends the same request to the endpoint for the version that served at the start. A version never changes, so the
 * answers are those that it would give in production.
 */
export function askFrozen(sagemakerUrl: string, version: string): AskFrozen {
  const client = new SageMakerRuntimeClient({
    endpoint: sagemakerUrl,
    region: 'eu-central-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    maxAttempts: 1,
  });
  const dukeMM = sageMakerClient(endpointName('local'), client);
  return async ({ id, family, kind, description, labels }, items) => {
    if (family === undefined) throw new Error(`the buyer of task ${id} sees no family`);
    const request = { task: { id, family, kind, description, ...(labels && { labels }) }, items };
    const answered = async () => {
      const invocation = await dukeMM.invoke(request, version);
      if (invocation.outcome === 'refused') throw new Error(`version ${version} refused: ${invocation.why}`);
      return invocation.outcome === 'busy' ? undefined : invocation.response;
    };
    const response = await poll(answered, {
      everyMs: BUSY_MS,
      timeoutMs: TIMEOUT_MS,
      timeout: `version ${version} was not ready`,
    });
    const answers = new Map(response.items.map((item) => [item.id, item.prediction]));
    return items.map((item) => answers.get(item.id)!);
  };
}
