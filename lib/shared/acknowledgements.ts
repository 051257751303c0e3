import { Token, Validations } from 'aws-cdk-lib';
import type { CfnApi } from 'aws-cdk-lib/aws-apigatewayv2';
import type { IConstruct } from 'constructs';
import type { AppStack } from '../app-stack.ts';
import type { DataStack } from '../data-stack.ts';
import type { ServingStack } from '../serving-stack.ts';
import { CHECKPOINTS } from './object-keys.ts';

/** A rule of cdk-nag that one resource does not follow, with the reason. */
interface Acknowledgement {
  readonly on: IConstruct;
  readonly id: string;
  readonly reason: string;
}

/** CDK's name for the export of the bucket's ARN between the stacks. */
const WORK_BUCKET_EXPORT = 'ExportsOutputFnGetAttWorkBucket6D724B36Arn105F46FF';

/** ARN of a log group of SageMaker, as cdk-nag writes it. */
const logGroupOf = ({ region, account }: AppStack, name: string): string =>
  `arn:aws:logs:${region}:${Token.isUnresolved(account) ? '<AWS::AccountId>' : account}:log-group:/aws/sagemaker/${name}`;

/** The live connections of the stage, as cdk-nag writes the resource. */
function connectionsOf(app: AppStack): string {
  const account = Token.isUnresolved(app.account) ? '<AWS::AccountId>' : app.account;
  const { defaultChild } = app.live.socket.node;
  return `arn:aws:execute-api:${app.region}:${account}:<${app.getLogicalId(defaultChild as CfnApi)}>/${app.live.socketStage.stageName}`;
}

/** All acknowledgements; test/infra counts them. */
function acknowledgements(data: DataStack, app: AppStack, serving: ServingStack): Acknowledgement[] {
  const { pool } = data.users;
  return [
    {
      on: pool,
      id: 'AwsSolutions-COG1',
      reason:
        'Twelve characters of three kinds; length protects better than a symbol (NIST SP 800-63B, 5.1.1.2)',
    },
    {
      on: pool,
      id: 'AwsSolutions-COG2',
      reason: 'Programs sign in as buyers and agents too; a second factor is to come for people, by choice',
    },
    {
      on: pool,
      id: 'AwsSolutions-COG8',
      reason:
        'Its risk score needs the data of the signing-in device, which a sign-in through our function does not carry',
    },
    {
      on: data.accessLogs,
      id: 'AwsSolutions-S1',
      reason: 'This is the bucket of the access logs; logging it into itself would never end',
    },
    {
      on: app.marketplace.api,
      id: 'AwsSolutions-APIG4',
      reason:
        'Functions verify tokens in one middleware: the gateway cannot tell access from ID tokens (docs/adr/0006)',
    },
    {
      on: app.live.socket,
      id: 'AwsSolutions-APIG4',
      reason:
        'A connection is opened by a single-use ticket, which its function redeems; an authorizer would be a second function',
    },
    {
      on: app.live.socketStage,
      id: 'AwsSolutions-APIG1',
      reason:
        'Access logs of a WebSocket API need a role for the whole account; its functions log each connection',
    },
    ...['POST', 'DELETE'].map((method) => ({
      on: app.live,
      id: `AwsSolutions-IAM5[Resource::${connectionsOf(app)}/${method}/@connections/*]`,
      reason: 'The gateway names connections by itself; only those of this API and stage are allowed',
    })),
    {
      on: app.tracing,
      id: 'AwsSolutions-IAM5[Resource::*]',
      reason: 'X-Ray has no resources to name; the two actions only add traces',
    },
    {
      on: app.events.unrouted,
      id: 'AwsSolutions-SQS3',
      reason: 'It is the dead-letter queue of the stream mapping, which the rule does not look at',
    },
    {
      on: app.learning.machine.logDelivery,
      id: 'AwsSolutions-IAM5[Resource::*]',
      reason:
        'The log of a state machine is set up by calls that know no resources (Step Functions guide, cw-logs)',
    },
    ...(
      [
        [app.learning.jobs.trainer, 'TrainingJobs'],
        [app.learning.jobs.evaluator, 'ProcessingJobs'],
      ] as const
    ).flatMap(([on, group]) =>
      on
        ? [
            {
              on,
              id: `AwsSolutions-IAM5[Resource::${logGroupOf(app, group)}:*]`,
              reason: 'Creating a log group and listing its streams are evaluated on the ARN that ends so',
            },
          ]
        : [],
    ),
    ...(app.learning.jobs.trainer
      ? [
          {
            on: app.learning.jobs.trainer,
            id: `AwsSolutions-IAM5[Resource::${data.stackName}:${WORK_BUCKET_EXPORT}/${CHECKPOINTS}]`,
            reason:
              'The trainer names its checkpoints itself; the folder is that of a run, and of nothing else',
          },
        ]
      : []),
    ...[app.container, serving.container].flatMap((container) =>
      container
        ? [
            {
              on: container.basics,
              id: 'AwsSolutions-IAM5[Resource::*]',
              reason:
                'Login to ECR and metrics have no resource to name; the image is named, and the metrics’ namespaces',
            },
          ]
        : [],
    ),
  ];
}

export function acknowledge(data: DataStack, app: AppStack, serving: ServingStack): void {
  for (const { on, id, reason } of acknowledgements(data, app, serving)) {
    Validations.of(on).acknowledge({ id, reason });
  }
}
