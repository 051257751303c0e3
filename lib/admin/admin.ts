import { Duration, Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { Env as ApiEnv } from '../../lambdas/admin/api.env.ts';
import { Env as CountEnv } from '../../lambdas/admin/count.env.ts';
import type { DataStack } from '../data-stack.ts';
import { apiFunction } from '../shared/api-function.ts';
import { collectedBatches, queueWorker } from '../shared/queue-worker.ts';
import type { FunctionDefaults, TypedFunction } from '../shared/typed-function.ts';
import type { WorkQueue } from '../shared/work-queue.ts';

export interface AdminProps {
  readonly defaults: FunctionDefaults;
  readonly data: DataStack;
}

/** Accounts, figures and the audit log. Figures are counted in batches, so that their items are not written once per task. */
export class Admin extends Construct {
  readonly api: TypedFunction<typeof ApiEnv>;
  /** Receives changes of tasks. */
  readonly counted: WorkQueue;

  constructor(scope: Construct, id: string, { defaults, data }: AdminProps) {
    super(scope, id);
    this.api = apiFunction(this, { defaults, capability: 'admin', envSchema: ApiEnv });
    data.table.grant(this.api, 'readWrite', ['all', 'available']);
    data.users.grantVerify(this.api);
    const count = queueWorker(this, {
      ids: { worker: 'Count', queue: 'Counted' },
      defaults,
      capability: 'admin',
      name: 'count',
      envSchema: CountEnv,
      timeout: Duration.seconds(30),
      memory: 'worker',
      // Batches in parallel would compete for the figures of the hour.
      consumption: { ...collectedBatches(defaults.stage), maxConcurrency: 2 },
      severity: 'low',
      summaries: {
        failed: 'The counting of tasks ends with an error or a timeout: figures are out of date',
        givenUp: 'A task was not counted in the figures',
      },
    });
    data.table.grant(count.worker, 'readWrite');
    this.counted = count.queue;
  }

  /** Lets the metrics show how many messages these queues and their dead-letter queues hold. */
  watch(queues: readonly WorkQueue[]): void {
    const stack = Stack.of(this);
    const name = ({ node }: WorkQueue): string => node.path.slice(stack.node.path.length + 1);
    this.api.set({
      QUEUE_URLS: stack.toJsonString(
        Object.fromEntries(queues.map((work) => [name(work), work.queue.queueUrl])),
      ),
    });
    this.api.allow(
      new PolicyStatement({
        actions: ['sqs:GetQueueAttributes'],
        resources: queues.flatMap(({ queue, deadLetters }) => [queue.queueArn, deadLetters.queueArn]),
      }),
    );
  }
}
