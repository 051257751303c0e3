import { Duration } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { Env as ApiEnv } from '../../lambdas/admin/api.env.ts';
import { Env as CountEnv } from '../../lambdas/admin/count.env.ts';
import type { DataStack } from '../data-stack.ts';
import { apiFunction } from '../shared/api-function.ts';
import { TypedFunction } from '../shared/typed-function.ts';
import type { FunctionDefaults } from '../shared/typed-function.ts';
import { WorkQueue } from '../shared/work-queue.ts';

const TIMEOUT = Duration.seconds(30);

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
    const count = new TypedFunction(this, 'Count', {
      defaults,
      capability: 'admin',
      name: 'count',
      envSchema: CountEnv,
      timeout: TIMEOUT,
      memory: 'worker',
      alarm: {
        severity: 'low',
        runbook: 'A function fails',
        summary: 'The counting of tasks ends with an error or a timeout: figures are out of date',
      },
    });
    data.table.grant(count, 'readWrite');
    this.counted = new WorkQueue(this, 'Counted', {
      stage: defaults.stage,
      workerTimeout: TIMEOUT,
      alarm: {
        severity: 'low',
        runbook: 'Messages that were given up',
        summary: 'A task was not counted in the figures',
      },
    });
    this.counted.consumedBy(count, {
      batchSize: 10,
      // Batches in parallel would compete for the figures of the hour.
      maxConcurrency: 2,
      ...(defaults.stage.name !== 'local' && { batchingWindow: Duration.seconds(5) }),
    });
  }
}
