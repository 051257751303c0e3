import { Duration } from 'aws-cdk-lib';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { Construct } from 'constructs';
import { Env as ApiEnv } from '../../lambdas/files/api.env.ts';
import { Env as ExpireEnv } from '../../lambdas/files/expire.env.ts';
import { Env as InspectEnv } from '../../lambdas/files/inspect.env.ts';
import type { DataStack } from '../data-stack.ts';
import { deliverTo } from '../events/events.ts';
import { apiFunction } from '../shared/api-function.ts';
import { scheduledRule } from '../shared/schedule.ts';
import { TypedFunction } from '../shared/typed-function.ts';
import type { FunctionDefaults } from '../shared/typed-function.ts';
import { WorkQueue } from '../shared/work-queue.ts';

/** A file of 100 MB is read twice within it; one that takes longer is treated as an attack. */
const INSPECT_TIMEOUT = Duration.minutes(2);

/** Uploads by presigned form, and the inspection of every upload. */
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
      alarm: {
        severity: 'medium',
        runbook: 'A function fails',
        summary: 'The inspection of uploads ends with an error or a timeout: files stay pending',
      },
    });
    data.table.grant(inspect, 'readWrite');
    data.files.grant(inspect, {
      read: ['upload'],
      write: ['ready', 'quarantine'],
      remove: ['upload', 'ready', 'quarantine'],
    });

    const uploads = new WorkQueue(this, 'Uploads', {
      stage: defaults.stage,
      workerTimeout: INSPECT_TIMEOUT,
      alarm: {
        severity: 'medium',
        runbook: 'Messages that were given up',
        summary: 'An upload could not be inspected: its file is rejected when it expires',
      },
    });
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

  /** Rejects, with the reason, uploads that were never sent or could not be inspected, so that none stays pending. */
  private expiry(defaults: FunctionDefaults, data: DataStack): void {
    const expire = new TypedFunction(this, 'Expire', {
      defaults,
      capability: 'files',
      name: 'expire',
      envSchema: ExpireEnv,
      timeout: Duration.seconds(50),
      memory: 'worker',
      alarm: {
        severity: 'low',
        runbook: 'A function fails',
        summary: 'The expiry of uploads ends with an error or a timeout: files stay pending',
      },
    });
    data.table.grant(expire, 'readWrite', ['due']);
    data.files.grant(expire, { read: ['upload'], write: ['quarantine'], remove: ['upload'] });
    expire.configureAsyncInvoke({ retryAttempts: 0, maxEventAge: Duration.minutes(5) });
    scheduledRule(this, 'EveryFiveMinutes', {
      minutes: 5,
      alarm: {
        severity: 'low',
        runbook: 'A schedule does not run',
        summary: 'The expiry of uploads is not started every five minutes: files stay pending',
      },
      targets: [new LambdaFunction(expire, { retryAttempts: 0, maxEventAge: Duration.minutes(5) })],
    });
  }
}
