import { fileURLToPath } from 'node:url';
import { DockerImageAsset, Platform } from 'aws-cdk-lib/aws-ecr-assets';
import { ManagedPolicy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { AwsStage } from '../stage-config.ts';

const MODEL = fileURLToPath(new URL('../../model', import.meta.url));
/** Files in `model/` that do not affect the image. */
const NOT_IN_IMAGE = [
  '**/__pycache__',
  '**/.pytest_cache',
  '**/.ruff_cache',
  '**/tests',
  '*.egg-info',
  '.venv',
];

/** The image built from `model/`, which serves, trains and evaluates, and the permissions shared by all roles that run it. */
export class DukeContainer extends Construct {
  readonly image: DockerImageAsset;
  /** ECR login and CloudWatch metrics; neither action supports resource-level permissions. */
  readonly basics: ManagedPolicy;

  constructor(scope: Construct, id: string, { stage }: { stage: AwsStage }) {
    super(scope, id);
    this.image = new DockerImageAsset(this, 'Image', {
      directory: MODEL,
      platform: Platform.LINUX_AMD64,
      exclude: NOT_IN_IMAGE,
      // Jobs load this preset and fetch nothing.
      buildArgs: { PRESET: stage.training.preset },
      // SageMaker rejects manifests in the format of OCI, the default of BuildKit.
      outputs: ['type=docker'],
    });
    const namespaces = ['Endpoints', 'TrainingJobs', 'ProcessingJobs'].map(
      (kind) => `/aws/sagemaker/${kind}`,
    );
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
