import { Duration } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { Env } from '../../lambdas/learning/record.env.ts';
import type { DataStack } from '../data-stack.ts';
import type { Events } from '../events/events.ts';
import { TypedFunction } from '../shared/typed-function.ts';
import type { FunctionDefaults } from '../shared/typed-function.ts';
import { WorkQueue } from '../shared/work-queue.ts';

const TIMEOUT = Duration.minutes(1);

export interface LearningProps {
  readonly defaults: FunctionDefaults;
  readonly data: DataStack;
  readonly events: Events;
}

/** Keeps every judged result as training examples. */
export class Learning extends Construct {
  constructor(scope: Construct, id: string, { defaults, data, events }: LearningProps) {
    super(scope, id);
    const record = new TypedFunction(this, 'Record', {
      defaults,
      capability: 'learning',
      name: 'record',
      envSchema: Env,
      timeout: TIMEOUT,
      memory: 'worker',
    });
    data.table.grant(record, 'readWrite');
    data.work.grant(record, { read: ['chunkItems', 'chunkResults', 'corrections'], write: ['outcomes'] });
    const judged = new WorkQueue(this, 'Judged', { stage: defaults.stage, workerTimeout: TIMEOUT });
    judged.consumedBy(record, { batchSize: 1 });
    events.deliver('result.judged', judged);
  }
}
