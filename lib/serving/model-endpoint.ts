import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import { Policy, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { CfnEndpoint, CfnEndpointConfig, CfnModel } from 'aws-cdk-lib/aws-sagemaker';
import { Construct } from 'constructs';
import { REGISTRY_PREFIX, endpointName, s3Uri } from '../../contracts/naming.ts';
import type { DataStack } from '../data-stack.ts';
import { alarm, ALARM_PERIOD } from '../shared/alarm.ts';
import { artifactKeys, objectKeys } from '../shared/object-keys.ts';
import { hasGpu } from '../stage-config.ts';
import type { AwsStage } from '../stage-config.ts';
import type { DukeContainer } from './duke-container.ts';

export interface ModelEndpointProps {
  readonly stage: AwsStage;
  readonly data: DataStack;
  readonly container: DukeContainer;
}

const VARIANT = 'duke-mm';
/** Driver 580 and CUDA 13.0, which the torch of the image needs; the default has driver 470. */
const INFERENCE_AMI = 'al2023-ami-sagemaker-inference-gpu-4-1';
/** Mostly for pulling the image; loading the encoders onto the GPU takes well under a minute. */
const STARTUP_SECONDS = 900;
/** Share of invocations answered with 5xx in each of three minutes, at which an update is rolled back. */
const MAX_ERROR_SHARE = 0.2;
/** How long new instances serve, with the alarms being watched, before the next ones start or the old ones end. */
const BAKE_SECONDS = 300;
const MAX_LATENCY = Duration.seconds(40);

/**
 * Duke MM on SageMaker: the image of `model/` behind the stage's endpoint, on GPU or CPU instances. Model versions are not
 * part of the deployment; the container loads a version from the registry when a request names one.
 */
export class ModelEndpoint extends Construct {
  /** Watch an update of the endpoint, which is rolled back when one fires. */
  readonly alarms: readonly Alarm[];

  constructor(scope: Construct, id: string, props: ModelEndpointProps) {
    super(scope, id);
    const { stage } = props;
    const name = endpointName(stage.name);
    const logs = new LogGroup(this, 'Logs', {
      logGroupName: `/aws/sagemaker/Endpoints/${name}`,
      retention: stage.logRetentionDays,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.alarms = this.errorAlarms(name);
    latencyAlarm(this, name);
    const config = new CfnEndpointConfig(this, 'Config', {
      productionVariants: [
        {
          variantName: VARIANT,
          modelName: this.model(props, logs).attrModelName,
          instanceType: stage.endpoint.instanceType,
          initialInstanceCount: stage.endpoint.instanceCount,
          initialVariantWeight: 1,
          ...(hasGpu(stage.endpoint.instanceType) && { inferenceAmiVersion: INFERENCE_AMI }),
          containerStartupHealthCheckTimeoutInSeconds: STARTUP_SECONDS,
        },
      ],
    });
    const endpoint = new CfnEndpoint(this, 'Resource', {
      endpointName: name,
      endpointConfigName: config.attrEndpointConfigName,
      deploymentConfig: {
        ...updatePolicy(stage.endpoint.instanceCount),
        autoRollbackConfiguration: { alarms: this.alarms.map(({ alarmName }) => ({ alarmName })) },
      },
    });
    endpoint.node.addDependency(logs);
  }

  private model({ stage, data, container }: ModelEndpointProps, logs: LogGroup): CfnModel {
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
          ...(hasGpu(stage.endpoint.instanceType) && { DUKEMM_REQUIRE_CUDA: '1' }),
        },
      },
    });
    model.node.addDependency(permissions);
    return model;
  }

  private errorAlarms(EndpointName: string): Alarm[] {
    return [
      alarm(this, 'ErrorsAlarm', {
        severity: 'high',
        runbook: 'The model answers with errors',
        summary: 'A fifth of the invocations of the model or more end with 5xx: tasks wait, and fail later',
        metric: new Metric({
          namespace: 'AWS/SageMaker',
          metricName: 'Invocation5XXErrors',
          dimensionsMap: { EndpointName, VariantName: VARIANT },
          // Each invocation counts 0 or 1, so that the average is the share.
          statistic: 'Average',
          period: Duration.minutes(1),
        }),
        threshold: MAX_ERROR_SHARE,
        evaluationPeriods: 3,
      }),
    ];
  }
}

/** Not among the alarms that roll an update back: large chunks are slow whatever the version. */
const latencyAlarm = (scope: Construct, EndpointName: string): Alarm =>
  alarm(scope, 'LatencyAlarm', {
    severity: 'medium',
    runbook: 'The model is slow',
    summary: `One of a hundred invocations of the model takes ${MAX_LATENCY.toSeconds()} seconds or longer, near the limit of 60`,
    metric: new Metric({
      namespace: 'AWS/SageMaker',
      metricName: 'ModelLatency',
      dimensionsMap: { EndpointName, VariantName: VARIANT },
      statistic: 'p99',
      period: ALARM_PERIOD,
    }),
    // The metric is in microseconds.
    threshold: MAX_LATENCY.toMilliseconds() * 1000,
    evaluationPeriods: 3,
  });

/**
 * Several instances are replaced one by one, which needs a quota for one more. A single one cannot be rolled (a batch is half
 * of the instances at most): its successor takes over before it goes.
 */
function updatePolicy(instanceCount: number): CfnEndpoint.DeploymentConfigProperty {
  if (instanceCount === 1)
    return {
      blueGreenUpdatePolicy: {
        trafficRoutingConfiguration: { type: 'ALL_AT_ONCE', waitIntervalInSeconds: 0 },
        terminationWaitInSeconds: BAKE_SECONDS,
      },
    };
  return {
    rollingUpdatePolicy: {
      maximumBatchSize: { type: 'INSTANCE_COUNT', value: 1 },
      waitIntervalInSeconds: BAKE_SECONDS,
    },
  };
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
