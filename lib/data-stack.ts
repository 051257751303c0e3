import { CfnOutput, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Bucket, BucketEncryption, HttpMethods } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { PREVIEW_PREFIX } from '../contracts/naming.ts';
import { UserDirectory } from './identity/user-directory.ts';
import { watchSpending } from './operations/spending.ts';
import { AlarmTopics } from './shared/alarm-topics.ts';
import { ObjectBucket, lockedBucket } from './shared/object-bucket.ts';
import { SingleTable } from './shared/single-table.ts';
import { environmentOf } from './stage-config.ts';
import type { StageConfig } from './stage-config.ts';

/** Stateful resources: the table, the buckets, the user pool, and the key that encrypts table and buckets. */
export class DataStack extends Stack {
  readonly table: SingleTable;
  readonly files: ObjectBucket<'FILES_BUCKET'>;
  readonly work: ObjectBucket<'WORK_BUCKET'>;
  readonly users: UserDirectory;
  readonly accessLogs: Bucket;
  /** Undefined on the local stage. */
  readonly alarmTopics: AlarmTopics | undefined;
  /** Undefined on the local stage. */
  readonly key: Key | undefined;

  constructor(scope: Construct, id: string, stage: StageConfig) {
    super(scope, id, {
      ...environmentOf(stage),
      terminationProtection: stage.durable,
      description: `DukeNET ${stage.name}: what must survive`,
    });
    const removalPolicy = stage.durable ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY;
    this.key =
      stage.name === 'local'
        ? undefined
        : new Key(this, 'Key', {
            alias: `alias/dukenet-${stage.name}`,
            description: 'Encrypts the table and the buckets of DukeNET',
            enableKeyRotation: true,
            removalPolicy,
          });
    const encrypted = this.key ? { key: this.key } : {};

    this.table = new SingleTable(this, 'Data', { stage, ...encrypted });

    this.accessLogs = new Bucket(this, 'AccessLogs', {
      ...lockedBucket,
      // S3 delivers access logs only to buckets with S3-managed keys.
      encryption: BucketEncryption.S3_MANAGED,
      lifecycleRules: [{ expiration: Duration.days(stage.logRetentionDays) }],
      removalPolicy,
    });
    const shared = { stage, accessLogs: this.accessLogs, ...encrypted };
    this.files = new ObjectBucket(this, 'Files', {
      ...shared,
      variable: 'FILES_BUCKET',
      announces: true,
      // Drawn again when they are asked for.
      expiring: { prefix: PREVIEW_PREFIX, after: Duration.days(90) },
      cors: stage.webOrigins.map((origin) => ({
        allowedOrigins: [origin],
        // POST sends a file, PUT parts of one; GET reads the media of an item into the page.
        allowedMethods: [HttpMethods.POST, HttpMethods.PUT, HttpMethods.GET],
        allowedHeaders: ['content-type', 'x-amz-checksum-sha256'],
        maxAge: 3600,
      })),
    });
    this.work = new ObjectBucket(this, 'Work', { ...shared, variable: 'WORK_BUCKET' });
    this.users = new UserDirectory(this, 'Users', { stage });

    this.alarmTopics = stage.name === 'local' ? undefined : new AlarmTopics(this, 'Alarms', { stage });
    if (stage.name !== 'local' && this.alarmTopics)
      watchSpending(this, { stage, topic: this.alarmTopics.others });

    const outputs = {
      TableName: this.table.table.tableName,
      FilesBucket: this.files.bucket.bucketName,
      WorkBucket: this.work.bucket.bucketName,
      UserPoolId: this.users.pool.userPoolId,
      UserPoolClientId: this.users.client.userPoolClientId,
    };
    for (const [name, value] of Object.entries(outputs)) new CfnOutput(this, name, { value });
  }
}
