/** The template of a small stack with one of each thing that DukeNET relies on. */
import { join } from 'node:path';

/**
 * Each function appends what it receives to one file, which outlives every process here. `blocked` returns once the file
 * RELEASE exists, `failing` always throws.
 */
const consume = `
const { appendFileSync, existsSync } = require('node:fs');
exports.handler = async ({ Records }) => {
  for (const record of Records)
    appendFileSync(process.env.SEEN, process.env.KIND + ' ' + (record.body ?? record.dynamodb.Keys.id.S) + '\\n');
  while (process.env.KIND === 'blocked' && !existsSync(process.env.RELEASE))
    await new Promise((resolve) => setTimeout(resolve, 50));
  if (process.env.KIND === 'failing') throw new Error('always');
};`;

/** Works for 100 ms and answers with its process id. */
const tellProcess = `
exports.handler = async () => {
  for (const until = Date.now() + 100; Date.now() < until; );
  return { statusCode: 200, body: String(process.pid) };
};`;

const api = (func: (kind: string, code: string) => object) => ({
  apiFunction: func('api', tellProcess),
  Api: { Type: 'AWS::ApiGatewayV2::Api', Properties: { Name: 'probe', ProtocolType: 'HTTP' } },
  Integration: {
    Type: 'AWS::ApiGatewayV2::Integration',
    Properties: {
      ApiId: { Ref: 'Api' },
      IntegrationType: 'AWS_PROXY',
      IntegrationUri: { 'Fn::GetAtt': ['apiFunction', 'Arn'] },
      PayloadFormatVersion: '2.0',
    },
  },
  Route: {
    Type: 'AWS::ApiGatewayV2::Route',
    Properties: {
      ApiId: { Ref: 'Api' },
      RouteKey: '$default',
      Target: { 'Fn::Join': ['/', ['integrations', { Ref: 'Integration' }]] },
    },
  },
  Stage: {
    Type: 'AWS::ApiGatewayV2::Stage',
    Properties: { ApiId: { Ref: 'Api' }, StageName: '$default', AutoDeploy: true },
  },
});

/** State that a kill must not change: a queue without a consumer, a bucket with events, accounts, a waiting state machine. */
const kept = (consumer: (kind: string) => object) => ({
  KeptQueue: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'kept' } },
  ...consumer('events'),
  Bucket: {
    Type: 'AWS::S3::Bucket',
    Properties: {
      BucketName: 'kept',
      VersioningConfiguration: { Status: 'Enabled' },
      NotificationConfiguration: { EventBridgeConfiguration: { EventBridgeEnabled: true } },
    },
  },
  Rule: {
    Type: 'AWS::Events::Rule',
    Properties: {
      EventPattern: { source: ['aws.s3', 'aws.states'] },
      Targets: [{ Id: 'queue', Arn: { 'Fn::GetAtt': ['eventsQueue', 'Arn'] } }],
    },
  },
  Pool: { Type: 'AWS::Cognito::UserPool', Properties: { UsernameAttributes: ['email'] } },
  PoolClient: {
    Type: 'AWS::Cognito::UserPoolClient',
    Properties: {
      UserPoolId: { Ref: 'Pool' },
      ExplicitAuthFlows: ['ALLOW_USER_PASSWORD_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'],
      EnableTokenRevocation: true,
    },
  },
  Group: {
    Type: 'AWS::Cognito::UserPoolGroup',
    Properties: { UserPoolId: { Ref: 'Pool' }, GroupName: 'buyer' },
  },
  Machine: {
    Type: 'AWS::StepFunctions::StateMachine',
    Properties: {
      RoleArn: 'arn:aws:iam::000000000000:role/any',
      DefinitionString: JSON.stringify({
        StartAt: 'Wait',
        States: { Wait: { Type: 'Wait', Seconds: 600, End: true } },
      }),
    },
  },
});

export function probeTemplate(folder: string): {
  readonly Outputs: object;
  readonly Resources: Record<string, object>;
} {
  const role = 'arn:aws:iam::000000000000:role/any';
  const func = (kind: string, code = consume) => ({
    Type: 'AWS::Lambda::Function',
    Properties: {
      FunctionName: kind,
      Runtime: 'nodejs24.x',
      Handler: 'index.handler',
      Role: role,
      Timeout: 60,
      Code: { ZipFile: code },
      Environment: {
        Variables: { KIND: kind, SEEN: join(folder, 'seen'), RELEASE: join(folder, 'release') },
      },
    },
  });
  const arn = (name: string) => ({ 'Fn::GetAtt': [name, 'Arn'] });
  const consumer = (kind: string) => ({
    [`${kind}Function`]: func(kind),
    [`${kind}Queue`]: {
      Type: 'AWS::SQS::Queue',
      Properties: {
        QueueName: kind,
        VisibilityTimeout: kind === 'failing' ? 1 : 90,
        RedrivePolicy: { deadLetterTargetArn: arn('DeadQueue'), maxReceiveCount: 2 },
      },
    },
    [`${kind}Source`]: {
      Type: 'AWS::Lambda::EventSourceMapping',
      Properties: {
        FunctionName: kind,
        EventSourceArn: arn(`${kind}Queue`),
        BatchSize: 1,
        ScalingConfig: { MaximumConcurrency: 2 },
      },
      DependsOn: [`${kind}Function`],
    },
  });
  return {
    Outputs: {
      ApiId: { Value: { Ref: 'Api' } },
      UserPoolId: { Value: { Ref: 'Pool' } },
      ClientId: { Value: { Ref: 'PoolClient' } },
      Machine: { Value: { Ref: 'Machine' } },
    },
    Resources: {
      DeadQueue: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'dead' } },
      ...consumer('blocked'),
      ...consumer('quick'),
      ...consumer('failing'),
      Table: {
        Type: 'AWS::DynamoDB::Table',
        Properties: {
          TableName: 'things',
          BillingMode: 'PAY_PER_REQUEST',
          AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
          KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
          StreamSpecification: { StreamViewType: 'NEW_IMAGE' },
        },
      },
      ...kept(consumer),
      ...api(func),
      streamFunction: func('stream'),
      streamSource: {
        Type: 'AWS::Lambda::EventSourceMapping',
        Properties: {
          FunctionName: 'stream',
          EventSourceArn: { 'Fn::GetAtt': ['Table', 'StreamArn'] },
          StartingPosition: 'TRIM_HORIZON',
        },
        DependsOn: ['streamFunction'],
      },
    },
  };
}
