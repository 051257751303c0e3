import { RemovalPolicy } from 'aws-cdk-lib';
import { Policy, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { CfnEndpoint, CfnEndpointConfig, CfnModel } from 'aws-cdk-lib/aws-sagemaker';
import { Construct } from 'constructs';
import { REGISTRY_PREFIX, s3Uri } from '../../contracts/naming.ts';
import type { DataStack } from '../data-stack.ts';
import { artifactKeys, objectKeys } from '../shared/object-keys.ts';
import type { AwsStage } from '../stage.ts';
import type { DukeContainer } from './duke-container.ts';
import type { DukeEndpoint } from './duke-endpoint.ts';

export interface GpuServingProps {
  readonly stage: AwsStage;
  readonly data: DataStack;
  readonly endpoint: DukeEndpoint;
  readonly container: DukeContainer;
}

/** Driver 580 and CUDA 13.0, which the torch of the image needs; the default has driver 470. */
const INFERENCE_AMI = 'al2023-ami-sagemaker-inference-gpu-4-1';
/** Mostly for pulling the image; loading the encoders onto the GPU takes well under a minute. */
const STARTUP_SECONDS = 900;

/**
 * Duke MM on SageMaker: the image of `model/` on GPU instances behind the stage's endpoint. Model versions are not part
 * of the deployment; the container loads a version from the registry when a request names it.
 */
export class GpuServing extends Construct {
  constructor(scope: Construct, id: string, { stage, data, endpoint, container }: GpuServingProps) {
    super(scope, id);
    const logs = new LogGroup(this, 'Logs', {
      logGroupName: `/aws/sagemaker/Endpoints/${endpoint.endpointName}`,
      retention: stage.logRetentionDays,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('sagemaker.amazonaws.com'),
      managedPolicies: [container.basics],
    });
    const permissions = new Policy(this, 'Permissions', {
      roles: [role],
      statements: [...readStatements(data), container.pullStatement(), logStatement(logs)],
    });
    const model = new CfnModel(this, 'Model', {
      executionRoleArn: role.roleArn,
      primaryContainer: {
        image: container.image.imageUri,
        environment: {
          DUKEMM_REGISTRY: s3Uri(data.work.bucket.bucketName, REGISTRY_PREFIX),
          DUKEMM_REQUIRE_CUDA: '1',
        },
      },
    });
    model.node.addDependency(permissions);
    const config = new CfnEndpointConfig(this, 'Config', {
      productionVariants: [
        {
          variantName: 'duke-mm',
          modelName: model.attrModelName,
          instanceType: stage.endpoint.instanceType,
          initialInstanceCount: stage.endpoint.instanceCount,
          initialVariantWeight: 1,
          inferenceAmiVersion: INFERENCE_AMI,
          containerStartupHealthCheckTimeoutInSeconds: STARTUP_SECONDS,
        },
      ],
    });
    const served = new CfnEndpoint(this, 'Endpoint', {
      endpointName: endpoint.endpointName,
      endpointConfigName: config.attrEndpointConfigName,
    });
    served.node.addDependency(logs);
  }
}

/** Read-only access to the registry, the examples of tasks, and the media of their items. */
function readStatements({ work, files, key }: DataStack): PolicyStatement[] {
  const objects = [
    ...[...artifactKeys, objectKeys.examples, objectKeys.recalled].map((pattern) =>
      work.bucket.arnForObjects(pattern),
    ),
    files.bucket.arnForObjects(objectKeys.ready),
  ];
  return [
    new PolicyStatement({ actions: ['s3:GetObject'], resources: objects }),
    new PolicyStatement({
      actions: ['s3:ListBucket'],
      resources: [work.bucket.bucketArn, files.bucket.bucketArn],
    }),
    ...(key ? [new PolicyStatement({ actions: ['kms:Decrypt'], resources: [key.keyArn] })] : []),
  ];
}

const logStatement = (logs: LogGroup): PolicyStatement =>
  new PolicyStatement({
    actions: ['logs:CreateLogStream', 'logs:DescribeLogStreams', 'logs:PutLogEvents'],
    resources: [logs.logGroupArn],
  });
