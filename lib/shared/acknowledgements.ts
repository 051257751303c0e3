import { DefaultStackSynthesizer, Token, Validations } from 'aws-cdk-lib';
import type { CfnApi } from 'aws-cdk-lib/aws-apigatewayv2';
import type { CfnBucket } from 'aws-cdk-lib/aws-s3';
import type { IConstruct } from 'constructs';
import type { AppStack } from '../app-stack.ts';
import type { AwsStacks, Stacks } from '../stacks.ts';
import type { EdgeStack } from '../edge-stack.ts';
import { CHECKPOINTS } from './object-keys.ts';

type Deployed = Stacks & { readonly aws: AwsStacks };

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
function acknowledgements({ data, app, aws: { serving } }: Deployed): Acknowledgement[] {
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

/** What CDK itself brings along to copy the SPA into its bucket (`BucketDeployment`), which cannot be configured. */
function ofCopying(edge: EdgeStack): Acknowledgement[] {
  const copier = edge.node.children.find(({ node }) => node.id.startsWith('Custom::CDKBucketDeployment'));
  if (!copier) throw new Error('The edge stack copies no files');
  const spa = edge.getLogicalId(edge.spa.bucket.node.defaultChild as CfnBucket);
  const account = Token.isUnresolved(edge.account) ? '<AWS::AccountId>' : edge.account;
  const assets = `arn:aws:s3:::cdk-${DefaultStackSynthesizer.DEFAULT_QUALIFIER}-assets-${account}-${edge.region}`;
  const wildcards = [
    ...['Abort*', 'DeleteObject*', 'GetBucket*', 'GetObject*', 'List*'].map(
      (action) => `Action::s3:${action}`,
    ),
    ...[`<${spa}.Arn>`, assets].map((bucket) => `Resource::${bucket}/*`),
  ];
  const reason =
    'Written by CDK for the function that copies the SPA: it reads assets of this deployment and writes to the bucket of the SPA';
  return [
    { on: copier, id: 'AwsSolutions-L1', reason: `The runtime is chosen by CDK. ${reason}` },
    {
      on: copier,
      id: 'AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole]',
      reason: `It may write its log. ${reason}`,
    },
    ...wildcards.map((wildcard) => ({ on: copier, id: `AwsSolutions-IAM5[${wildcard}]`, reason })),
  ];
}

function ofEdge({ app, aws: { edge } }: Deployed, hasDomain: boolean): Acknowledgement[] {
  return [
    ...(app.originSecret
      ? [
          {
            on: app.originSecret,
            id: 'AwsSolutions-SMG4',
            reason:
              'CloudFront and the functions take a new secret at different moments; it protects no data, only the way past the firewall',
          },
        ]
      : []),
    {
      on: edge.logs,
      id: 'AwsSolutions-S1',
      reason: 'This is the bucket of the access logs of CloudFront, which nobody reads but people',
    },
    {
      on: edge.distribution,
      id: 'AwsSolutions-CFR1',
      reason: 'The marketplace is for customers of all countries',
    },
    {
      on: edge.distribution.node.findChild('Origin1'),
      id: 'Annotation::@aws-cdk/aws-cloudfront-origins:listBucketSecurityRisk',
      reason: 'No path without a file name reaches the bucket: lib/edge/spa-route.js answers the page',
    },
    ...(hasDomain
      ? []
      : [
          {
            on: edge.distribution,
            id: 'AwsSolutions-CFR4',
            reason: 'Without a domain the certificate is that of CloudFront, which fixes the protocols',
          },
        ]),
    ...ofCopying(edge),
  ];
}

export function acknowledge(stacks: Deployed, { hasDomain }: { hasDomain: boolean }): void {
  for (const { on, id, reason } of [...acknowledgements(stacks), ...ofEdge(stacks, hasDomain)]) {
    Validations.of(on).acknowledge({ id, reason });
  }
}
