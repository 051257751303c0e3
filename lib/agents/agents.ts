import { Duration } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { Env } from '../../lambdas/agents/weigh.env.ts';
import type { DataStack } from '../data-stack.ts';
import { TypedFunction } from '../shared/typed-function.ts';
import type { FunctionDefaults } from '../shared/typed-function.ts';
import { WorkQueue } from '../shared/work-queue.ts';

const TIMEOUT = Duration.seconds(30);

export interface AgentsProps {
  readonly defaults: FunctionDefaults;
  readonly data: DataStack;
}

/** Reputation: verdicts are counted a batch at a time, so that one agent's item is not written once a task. */
export class Agents extends Construct {
  /** Hears of verdicts. */
  readonly judged: WorkQueue;

  constructor(scope: Construct, id: string, { defaults, data }: AgentsProps) {
    super(scope, id);
    const weigh = new TypedFunction(this, 'Weigh', {
      defaults,
      capability: 'agents',
      name: 'weigh',
      envSchema: Env,
      timeout: TIMEOUT,
      memory: 'worker',
    });
    data.table.grant(weigh, 'readWrite');
    this.judged = new WorkQueue(this, 'Judged', { stage: defaults.stage, workerTimeout: TIMEOUT });
    this.judged.consumedBy(weigh, {
      batchSize: 10,
      ...(defaults.stage.name !== 'local' && { batchingWindow: Duration.seconds(5) }),
    });
  }
}
