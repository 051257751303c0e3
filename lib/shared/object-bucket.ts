import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { BlockPublicAccess, Bucket, BucketEncryption, ObjectOwnership } from 'aws-cdk-lib/aws-s3';
import type { CfnBucket, CorsRule } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import type { StageConfig } from '../stage-config.ts';
import { patternsOf } from './object-keys.ts';
import type { ObjectKey } from './object-keys.ts';
import type { NeedsEnv } from './typed-function.ts';

export interface ObjectBucketProps<Variable extends string> {
  readonly stage: StageConfig;
  /** Name of the environment variable with the bucket's name. */
  readonly variable: Variable;
  readonly accessLogs: Bucket;
  readonly key?: IKey;
  readonly cors?: CorsRule[];
  /** Objects that can be made again, and the days after which they are removed. */
  readonly expiring?: { readonly prefix: string; readonly after: Duration };
  /** Publish an event on the default bus for every new object. */
  readonly announces?: boolean;
}

export interface ObjectAccess {
  readonly read?: readonly ObjectKey[];
  readonly write?: readonly ObjectKey[];
  /** Multipart uploads: beginning, listing, completing and aborting them, besides `write`. */
  readonly multipart?: readonly ObjectKey[];
  readonly remove?: readonly ObjectKey[];
}

const OLD_VERSIONS = Duration.days(30);

export const lockedBucket = {
  blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
  objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
  enforceSSL: true,
  minimumTLSVersion: 1.2,
} as const;

/** A private, versioned bucket. Grants give access to kinds of objects, not to the whole bucket. */
export class ObjectBucket<Variable extends string> extends Construct {
  readonly bucket: Bucket;
  private readonly props: ObjectBucketProps<Variable>;

  constructor(scope: Construct, id: string, props: ObjectBucketProps<Variable>) {
    super(scope, id);
    this.props = props;
    this.bucket = new Bucket(this, 'Bucket', {
      ...lockedBucket,
      ...(props.key
        ? { encryption: BucketEncryption.KMS, encryptionKey: props.key, bucketKeyEnabled: true }
        : { encryption: BucketEncryption.S3_MANAGED }),
      versioned: true,
      lifecycleRules: [
        {
          abortIncompleteMultipartUploadAfter: Duration.days(1),
          noncurrentVersionExpiration: OLD_VERSIONS,
          expiredObjectDeleteMarker: true,
        },
        ...(props.expiring ? [{ prefix: props.expiring.prefix, expiration: props.expiring.after }] : []),
      ],
      serverAccessLogsBucket: props.accessLogs,
      serverAccessLogsPrefix: `${id.toLowerCase()}/`,
      ...(props.cors && { cors: props.cors }),
      removalPolicy: props.stage.durable ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    });
    if (props.announces) {
      // On the resource itself: the L2 construct uses a custom resource, which needs Python on the local platform.
      (this.bucket.node.defaultChild as CfnBucket).notificationConfiguration = {
        eventBridgeConfiguration: { eventBridgeEnabled: true },
      };
    }
  }

  /** Sets the variable and grants access to these kinds of objects. */
  grant(fn: NeedsEnv<Variable>, access: ObjectAccess): void {
    fn.set({ [this.props.variable]: this.bucket.bucketName } as Record<Variable, string>);
    const { read = [], write = [], multipart = [], remove = [] } = access;
    this.allowObjects(fn, ['s3:GetObject'], read);
    this.allowObjects(fn, ['s3:PutObject'], write);
    this.allowObjects(fn, ['s3:AbortMultipartUpload', 's3:ListMultipartUploadParts'], multipart);
    this.allowObjects(fn, ['s3:DeleteObject'], remove);
    // Without ListBucket S3 answers 403 for a missing object, but handlers expect NoSuchKey.
    if (read.length > 0) this.allowList(fn);
    this.allowKey(fn, [
      // S3 decrypts the parts of an upload to join them.
      ...(read.length + multipart.length > 0 ? ['kms:Decrypt'] : []),
      ...(write.length > 0 ? ['kms:GenerateDataKey'] : []),
    ]);
  }

  /** Sets the variable only, for functions that pass object names on without reading the objects. */
  name(fn: NeedsEnv<Variable>): void {
    fn.set({ [this.props.variable]: this.bucket.bucketName } as Record<Variable, string>);
  }

  /** Allows `HeadBucket`. */
  grantProbe(fn: NeedsEnv<Variable>): void {
    fn.set({ [this.props.variable]: this.bucket.bucketName } as Record<Variable, string>);
    this.allowList(fn);
  }

  private allowList(fn: NeedsEnv<Variable>): void {
    fn.allow(new PolicyStatement({ actions: ['s3:ListBucket'], resources: [this.bucket.bucketArn] }));
  }

  private allowObjects(fn: NeedsEnv<Variable>, actions: string[], kinds: readonly ObjectKey[]): void {
    if (kinds.length === 0) return;
    const resources = kinds.flatMap(patternsOf).map((pattern) => this.bucket.arnForObjects(pattern));
    fn.allow(new PolicyStatement({ actions, resources }));
  }

  private allowKey(fn: NeedsEnv<Variable>, actions: string[]): void {
    if (!this.props.key || actions.length === 0) return;
    fn.allow(new PolicyStatement({ actions, resources: [this.props.key.keyArn] }));
  }
}
