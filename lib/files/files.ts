import { Duration } from 'aws-cdk-lib';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { Construct } from 'constructs';
import { Env as ApiEnv } from '../../lambdas/files/api.env.ts';
import { Env as ExpireEnv } from '../../lambdas/files/expire.env.ts';
import { Env as InspectEnv } from '../../lambdas/files/inspect.env.ts';
import type { DataStack } from '../data-stack.ts';
import { deliverTo } from '../events/events.ts';
import { apiFunction } from '../shared/api-function.ts';
import { TypedFunction } from '../shared/typed-function.ts';
import type { FunctionDefaults } from '../shared/typed-function.ts';
import { WorkQueue } from '../shared/work-queue.ts';

/** A file of 100 MB is read twice; more than this is not a file but an attack. */
const INSPECT_TIMEOUT = Duration.minutes(2);

/** Uploads by presigned form, and the inspection that every upload goes through. */
export class Files extends Construct {
  readonly api: TypedFunction<typeof ApiEnv>;

  constructor(scope: Construct, id: string, props: { defaults: FunctionDefaults; data: DataStack }) {
    super(scope, id);
    const { defaults, data } = props;
    this.api = apiFunction(this, { defaults, capability: 'files', envSchema: ApiEnv });
    data.table.grant(this.api, 'readWrite', ['owner']);
    data.users.grantVerify(this.api);
    data.files.grant(this.api, {
      read: ['ready'],
      write: ['upload'],
      remove: ['upload', 'ready', 'quarantine'],
    });

    const inspect = new TypedFunction(this, 'Inspect', {
      defaults,
      capability: 'files',
      name: 'inspect',
      envSchema: InspectEnv,
      timeout: INSPECT_TIMEOUT,
      memory: 'parser',
      environment: { MAX_RECEIVES: String(defaults.stage.maxReceives) },
    });
    data.table.grant(inspect, 'readWrite');
    data.files.grant(inspect, {
      read: ['upload'],
      write: ['ready', 'quarantine'],
      remove: ['upload', 'ready', 'quarantine'],
    });

    const uploads = new WorkQueue(this, 'Uploads', { stage: defaults.stage, workerTimeout: INSPECT_TIMEOUT });
    uploads.consumedBy(inspect, { batchSize: 1 });
    inspect.set({ UPLOADS_QUEUE_URL: uploads.queue.queueUrl });
    this.expiry(defaults, data);
    deliverTo(uploads, 'upload', undefined, {
      source: ['aws.s3'],
      detailType: ['Object Created'],
      detail: {
        bucket: { name: [data.files.bucket.bucketName] },
        object: { key: [{ prefix: 'uploads/' }] },
      },
    });
  }

  /** No upload stays pending: what was never sent, or could not be inspected, is rejected with the reason. */
  private expiry(defaults: FunctionDefaults, data: DataStack): void {
    const expire = new TypedFunction(this, 'Expire', {
      defaults,
      capability: 'files',
      name: 'expire',
      envSchema: ExpireEnv,
      timeout: Duration.seconds(50),
      memory: 'worker',
    });
    data.table.grant(expire, 'readWrite', ['due']);
    data.files.grant(expire, { read: ['upload'], write: ['quarantine'], remove: ['upload'] });
    expire.configureAsyncInvoke({ retryAttempts: 0, maxEventAge: Duration.minutes(5) });
    new Rule(this, 'EveryFiveMinutes', {
      schedule: Schedule.rate(Duration.minutes(5)),
      targets: [new LambdaFunction(expire, { retryAttempts: 0, maxEventAge: Duration.minutes(5) })],
    });
  }
}
