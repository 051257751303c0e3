import { fileURLToPath } from 'node:url';
import { DockerImageAsset, Platform } from 'aws-cdk-lib/aws-ecr-assets';
import { ManagedPolicy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';

const MODEL = fileURLToPath(new URL('../../model', import.meta.url));
/** What changes in `model/` without changing the image. */
const NOT_IN_IMAGE = [
  '**/__pycache__',
  '**/.pytest_cache',
  '**/.ruff_cache',
  '**/tests',
  '*.egg-info',
  '.venv',
];

/** The image of `model/`, which serves, trains and evaluates, and what every role that runs it needs. */
export class DukeContainer extends Construct {
  readonly image: DockerImageAsset;
  /** Login to the image's registry, and metrics: AWS knows no resources for these two. */
  readonly basics: ManagedPolicy;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.image = new DockerImageAsset(this, 'Image', {
      directory: MODEL,
      platform: Platform.LINUX_AMD64,
      exclude: NOT_IN_IMAGE,
    });
    const namespaces = ['Endpoints', 'TrainingJobs', 'ProcessingJobs'].map((of) => `/aws/sagemaker/${of}`);
    this.basics = new ManagedPolicy(this, 'Basics', {
      statements: [
        new PolicyStatement({ actions: ['ecr:GetAuthorizationToken'], resources: ['*'] }),
        new PolicyStatement({
          actions: ['cloudwatch:PutMetricData'],
          resources: ['*'],
          conditions: { StringEquals: { 'cloudwatch:namespace': namespaces } },
        }),
      ],
    });
  }

  pullStatement(): PolicyStatement {
    return new PolicyStatement({
      actions: ['ecr:BatchCheckLayerAvailability', 'ecr:GetDownloadUrlForLayer', 'ecr:BatchGetImage'],
      resources: [this.image.repository.repositoryArn],
    });
  }
}
