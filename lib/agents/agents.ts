import { Duration } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { Env as ApiEnv } from '../../lambdas/agents/api.env.ts';
import { Env as WeighEnv } from '../../lambdas/agents/weigh.env.ts';
import type { DataStack } from '../data-stack.ts';
import { apiFunction } from '../shared/api-function.ts';
import { collectedBatches, queueWorker } from '../shared/queue-worker.ts';
import type { FunctionDefaults, TypedFunction } from '../shared/typed-function.ts';
import type { WorkQueue } from '../shared/work-queue.ts';

export interface AgentsProps {
  readonly defaults: FunctionDefaults;
  readonly data: DataStack;
}

/** Profiles and reputation. Verdicts are counted in batches, so that the item of an agent is not written once per task. */
export class Agents extends Construct {
  readonly api: TypedFunction<typeof ApiEnv>;
  /** Receives verdicts. */
  readonly judged: WorkQueue;

  constructor(scope: Construct, id: string, { defaults, data }: AgentsProps) {
    super(scope, id);
    this.api = apiFunction(this, { defaults, capability: 'agents', envSchema: ApiEnv });
    data.table.grant(this.api, 'readWrite', ['available']);
    data.users.grantVerify(this.api);
    const weigh = queueWorker(this, {
      ids: { worker: 'Weigh', queue: 'Judged' },
      defaults,
      capability: 'agents',
      name: 'weigh',
      envSchema: WeighEnv,
      timeout: Duration.seconds(30),
      memory: 'worker',
      consumption: collectedBatches(defaults.stage),
      severity: 'low',
      summaries: {
        failed:
          'The update of reputations ends with an error or a timeout: prices and selection use older ones',
        givenUp: 'A verdict was not counted in the reputation of its agent',
      },
    });
    data.table.grant(weigh.worker, 'readWrite');
    this.judged = weigh.queue;
  }
}
