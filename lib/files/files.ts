import { Duration } from 'aws-cdk-lib';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { Construct } from 'constructs';
import { Env as ApiEnv } from '../../lambdas/files/api.env.ts';
import { Env as ExpireEnv } from '../../lambdas/files/expire.env.ts';
import { Env as ArchiveEnv } from '../../lambdas/files/inspect-archive.env.ts';
import { Env as MediaEnv } from '../../lambdas/files/inspect-media.env.ts';
import { Env as TextEnv } from '../../lambdas/files/inspect-text.env.ts';
import { Env as PreviewEnv } from '../../lambdas/files/preview.env.ts';
import { uploadPrefix } from '../../contracts/naming.ts';
import { INSPECTIONS } from '../../contracts/rules/file-kinds.ts';
import type { Inspection } from '../../contracts/rules/file-kinds.ts';
import type { DataStack } from '../data-stack.ts';
import { deliverTo } from '../events/events.ts';
import type { ObjectKey } from '../shared/object-keys.ts';
import { API_TIMEOUT, apiFunction } from '../shared/api-function.ts';
import { queueWorker } from '../shared/queue-worker.ts';
import { scheduledRule } from '../shared/schedule.ts';
import { TypedFunction } from '../shared/typed-function.ts';
import type { FunctionDefaults } from '../shared/typed-function.ts';

/**
 * The inspection functions: environment, and a timeout in which they can read the largest file of their family twice.
 */
const FAMILIES: Readonly<
  Record<Inspection, { readonly id: string; readonly env: typeof TextEnv; readonly timeout: Duration }>
> = {
  text: { id: 'Text', env: TextEnv, timeout: Duration.minutes(2) },
  media: { id: 'Media', env: MediaEnv, timeout: Duration.minutes(1) },
  archive: { id: 'Archive', env: ArchiveEnv, timeout: Duration.minutes(5) },
};
const UPLOAD_KEYS = {
  text: 'uploadText',
  media: 'uploadMedia',
  archive: 'uploadArchive',
} as const satisfies Record<Inspection, ObjectKey>;
const ALL_UPLOADS = Object.values(UPLOAD_KEYS);

/** Uploads by presigned form, and the inspection of every upload. */
export class Files extends Construct {
  readonly api: TypedFunction<typeof ApiEnv>;
  readonly previews: TypedFunction<typeof PreviewEnv>;

  constructor(scope: Construct, id: string, props: { defaults: FunctionDefaults; data: DataStack }) {
    super(scope, id);
    const { defaults, data } = props;
    this.api = apiFunction(this, { defaults, capability: 'files', envSchema: ApiEnv });
    data.table.grant(this.api, 'readWrite', ['owner']);
    data.users.grantVerify(this.api);
    data.files.grant(this.api, {
      read: ['ready'],
      write: ALL_UPLOADS,
      multipart: ALL_UPLOADS,
      remove: [...ALL_UPLOADS, 'ready', 'quarantine', 'preview'],
    });
    this.previews = this.preview(defaults, data);

    for (const inspection of INSPECTIONS) this.inspect(inspection, defaults, data);
    this.expiry(defaults, data);
  }

  /** The function that inspects one family of files, behind a queue of its own. */
  private inspect(inspection: Inspection, defaults: FunctionDefaults, data: DataStack): void {
    const { id, env, timeout } = FAMILIES[inspection];
    const { worker: inspect, queue: uploads } = queueWorker(this, {
      ids: { worker: `Inspect${id}`, queue: `Uploads${id}` },
      defaults,
      capability: 'files',
      name: `inspect-${inspection}`,
      envSchema: env,
      timeout,
      memory: 'parser',
      environment: { MAX_RECEIVES: String(defaults.stage.maxReceives) },
      consumption: { batchSize: 1 },
      severity: 'medium',
      summaries: {
        failed: `The inspection of uploads (${inspection}) ends with an error or a timeout: files stay pending`,
        givenUp: `An upload (${inspection}) could not be inspected: its file is rejected when it expires`,
      },
    });
    data.table.grant(inspect, 'readWrite');
    data.files.grant(inspect, {
      read: [UPLOAD_KEYS[inspection]],
      write: ['ready', 'quarantine'],
      remove: [UPLOAD_KEYS[inspection], 'ready', 'quarantine'],
    });
    inspect.set({ UPLOADS_QUEUE_URL: uploads.queue.queueUrl });
    deliverTo(uploads, 'upload', undefined, {
      source: ['aws.s3'],
      detailType: ['Object Created'],
      detail: {
        bucket: { name: [data.files.bucket.bucketName] },
        object: { key: [{ prefix: uploadPrefix(inspection) }] },
      },
    });
  }

  /** Draws files; it may read them and write previews, and nothing else. */
  private preview(defaults: FunctionDefaults, data: DataStack): TypedFunction<typeof PreviewEnv> {
    const preview = new TypedFunction(this, 'Preview', {
      defaults,
      capability: 'files',
      name: 'preview',
      envSchema: PreviewEnv,
      timeout: API_TIMEOUT,
      memory: 'decoder',
      alarm: {
        severity: 'low',
        runbook: 'A function fails',
        summary: 'Requests for previews end with a crash or a timeout: pages show files without pictures',
      },
    });
    // Counts the requests of each caller.
    data.table.grant(preview, 'readWrite');
    data.users.grantVerify(preview);
    data.files.grant(preview, { read: ['ready', 'preview'], write: ['preview'] });
    return preview;
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
    data.files.grant(expire, { read: ALL_UPLOADS, write: ['quarantine'], remove: ALL_UPLOADS });
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
