import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { AssetHashType, DockerImage, RemovalPolicy } from 'aws-cdk-lib';
import { Bucket, BucketEncryption } from 'aws-cdk-lib/aws-s3';
import { BucketDeployment, CacheControl, Source } from 'aws-cdk-lib/aws-s3-deployment';
import type { ISource } from 'aws-cdk-lib/aws-s3-deployment';
import { Construct } from 'constructs';
import { lockedBucket } from '../shared/object-bucket.ts';
import { CACHE_HASHED, CACHE_OTHERS, HASHED_FOLDER, NOT_SERVED } from './headers.ts';

const WEB = fileURLToPath(new URL('../../web', import.meta.url));
const VITE = fileURLToPath(new URL('../../node_modules/.bin/vite', import.meta.url));

/** Of the function that copies the files. */
const COPY_MEMORY_MB = 512;

/** The built SPA in a private bucket that CloudFront alone reads. */
export class Spa extends Construct {
  readonly bucket: Bucket;
  /** Copies of the built files: those with a hash in their name, and the others, which name them. */
  readonly deployments: readonly BucketDeployment[];

  constructor(scope: Construct, id: string, { accessLogs }: { accessLogs: Bucket }) {
    super(scope, id);
    this.bucket = new Bucket(this, 'Bucket', {
      ...lockedBucket,
      encryption: BucketEncryption.S3_MANAGED,
      versioned: true,
      serverAccessLogsBucket: accessLogs,
      serverAccessLogsPrefix: 'spa/',
      // Everything in it is built again from the sources.
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const files = built();
    const hashed = new BucketDeployment(this, 'Hashed', {
      sources: [files],
      destinationBucket: this.bucket,
      exclude: ['*'],
      include: [`${HASHED_FOLDER}*`],
      cacheControl: [CacheControl.fromString(CACHE_HASHED)],
      memoryLimit: COPY_MEMORY_MB,
      // Pages that are open load parts of the release before.
      prune: false,
    });
    const others = new BucketDeployment(this, 'Others', {
      sources: [files],
      destinationBucket: this.bucket,
      exclude: [`${HASHED_FOLDER}*`, ...NOT_SERVED],
      cacheControl: [CacheControl.fromString(CACHE_OTHERS)],
      memoryLimit: COPY_MEMORY_MB,
      prune: false,
    });
    // The page comes last: it names the hashed files.
    others.node.addDependency(hashed);
    this.deployments = [hashed, others];
  }
}

/** What `vite build` makes of `web/`, named by its content. */
const built = (): ISource =>
  Source.asset(WEB, {
    exclude: ['dist'],
    assetHashType: AssetHashType.OUTPUT,
    bundling: {
      image: DockerImage.fromRegistry('unused'), // The line below always succeeds or throws.
      local: {
        tryBundle: (outDir) => {
          execFileSync(VITE, ['build', WEB, '--outDir', outDir, '--emptyOutDir', '--logLevel', 'warn'], {
            stdio: 'inherit',
          });
          return true;
        },
      },
    },
  });
