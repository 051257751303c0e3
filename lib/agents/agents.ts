import { Duration } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { Env as ApiEnv } from '../../lambdas/agents/api.env.ts';
import { Env as WeighEnv } from '../../lambdas/agents/weigh.env.ts';
import type { DataStack } from '../data-stack.ts';
import { apiFunction } from '../shared/api-function.ts';
import { TypedFunction } from '../shared/typed-function.ts';
import type { FunctionDefaults } from '../shared/typed-function.ts';
import { WorkQueue } from '../shared/work-queue.ts';

const TIMEOUT = Duration.seconds(30);

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
    const weigh = new TypedFunction(this, 'Weigh', {
      defaults,
      capability: 'agents',
      name: 'weigh',
      envSchema: WeighEnv,
      timeout: TIMEOUT,
      memory: 'worker',
      alarm: {
        severity: 'low',
        runbook: 'A function fails',
        summary:
          'The update of reputations ends with an error or a timeout: prices and selection use older ones',
      },
    });
    data.table.grant(weigh, 'readWrite');
    this.judged = new WorkQueue(this, 'Judged', {
      stage: defaults.stage,
      workerTimeout: TIMEOUT,
      alarm: {
        severity: 'low',
        runbook: 'Messages that were given up',
        summary: 'A verdict was not counted in the reputation of its agent',
      },
    });
    this.judged.consumedBy(weigh, {
      batchSize: 10,
      ...(defaults.stage.name !== 'local' && { batchingWindow: Duration.seconds(5) }),
    });
  }
}
