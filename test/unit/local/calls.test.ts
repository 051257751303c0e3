import { describe as suite, expect, test } from 'vitest';
import { describe } from '../../../local/calls/describe.ts';
import type { AwsRequest } from '../../../local/calls/describe.ts';

const ENVIRONMENT = {
  TABLE_NAME: 'the-table',
  WORK_BUCKET: 'the-work',
  EXECUTE_QUEUE_URL: 'http://sqs/1/chunks',
  EVENT_BUS_NAME: 'the-bus',
  ENDPOINT_NAME: 'the-endpoint',
  USER_POOL_ID: 'the-pool',
  TRAINING_MACHINE_ARN: 'arn:aws:states:eu-central-1:1:stateMachine:training',
  JOB_ROLE_ARN: 'arn:aws:iam::1:role/job',
  MAIL_FROM: 'us@example.com',
};
const ID = '0192f0c1-7a3b-7c4d-8e5f-9a0b1c2d3e4f';
const ZEROS = '00000000-0000-0000-0000-000000000000';

const json = (target: string, body: object): AwsRequest => ({
  method: 'POST',
  path: '/',
  headers: { 'x-amz-target': target },
  body: body as AwsRequest['body'],
});
const rest = (method: string, path: string, headers = {}): AwsRequest => ({
  method,
  path,
  headers,
  body: {},
});
const permissionsOf = (request: AwsRequest): string[] | undefined =>
  describe(request, ENVIRONMENT)?.permissions.map((permission) => permission.join(' '));

const TableName = 'the-table';
suite('the permissions of a request', () => {
  test.each<[name: string, AwsRequest, string[] | undefined]>([
    ['a read', json('DynamoDB_20120810.GetItem', { TableName }), ['dynamodb:GetItem TABLE_NAME']],
    [
      'a query of an index',
      json('DynamoDB_20120810.Query', { TableName, IndexName: 'gsi1' }),
      ['dynamodb:Query TABLE_NAME/index/gsi1'],
    ],
    [
      'a transaction is each of its kinds of steps',
      json('DynamoDB_20120810.TransactWriteItems', {
        TransactItems: [
          { Put: { TableName } },
          { Put: { TableName } },
          { Update: { TableName } },
          { Delete: { TableName } },
          { ConditionCheck: { TableName } },
        ],
      }),
      ['PutItem', 'UpdateItem', 'DeleteItem', 'ConditionCheckItem'].map(
        (step) => `dynamodb:${step} TABLE_NAME`,
      ),
    ],
    [
      'a batch of reads',
      json('DynamoDB_20120810.BatchGetItem', { RequestItems: { [TableName]: {} } }),
      ['dynamodb:BatchGetItem TABLE_NAME'],
    ],
    [
      'a batch of messages is one permission',
      json('AmazonSQS.SendMessageBatch', { QueueUrl: 'http://sqs/1/chunks' }),
      ['sqs:SendMessage EXECUTE_QUEUE_URL'],
    ],
    [
      'the depth of a queue, one of those in a list',
      json('AmazonSQS.GetQueueAttributes', { QueueUrl: 'http://sqs/1/anything' }),
      ['sqs:GetQueueAttributes QUEUE_URLS'],
    ],
    [
      'events',
      json('AWSEvents.PutEvents', { Entries: [{ EventBusName: 'the-bus' }, { EventBusName: 'the-bus' }] }),
      ['events:PutEvents EVENT_BUS_NAME'],
    ],
    [
      'an execution is no machine',
      json('AWSStepFunctions.DescribeExecution', {
        executionArn: `arn:aws:states:eu-central-1:1:execution:training:${ID}`,
      }),
      ['states:DescribeExecution TRAINING_MACHINE_ARN/execution'],
    ],
    [
      'a job is made with a role',
      json('SageMaker.CreateTrainingJob', {
        TrainingJobName: `dukenet-local-${ID}`,
        RoleArn: 'arn:aws:iam::1:role/job',
      }),
      [`sagemaker:CreateTrainingJob training-job/dukenet-local-${ZEROS}`, 'iam:PassRole JOB_ROLE_ARN'],
    ],
    ['what anybody may ask of Cognito', json('AWSCognitoIdentityProviderService.SignUp', {}), []],
    [
      'what administrators may ask of Cognito',
      json('AWSCognitoIdentityProviderService.AdminGetUser', { UserPoolId: 'the-pool' }),
      ['cognito-idp:AdminGetUser USER_POOL_ID'],
    ],
    [
      'an invocation of the endpoint',
      rest('POST', '/endpoints/the-endpoint/invocations'),
      ['sagemaker:InvokeEndpoint ENDPOINT_NAME'],
    ],
    [
      'a message to a connection',
      rest('DELETE', '/live/@connections/abc'),
      ['execute-api:ManageConnections CONNECTIONS_URL/DELETE'],
    ],
    ['the keys of tokens', rest('GET', '/pool/.well-known/jwks.json'), undefined],
    [
      'an object',
      rest('GET', `/the-work/tasks/${ID}/items/0012.jsonl`),
      [`s3:GetObject WORK_BUCKET/tasks/${ZEROS}/items/0000.jsonl`],
    ],
    ['its head', rest('HEAD', '/the-work/k'), ['s3:GetObject WORK_BUCKET/k']],
    ['a list', rest('GET', '/the-work?list-type=2&prefix=outcomes%2F'), ['s3:ListBucket WORK_BUCKET']],
    ['a removal', rest('DELETE', '/the-work/k'), ['s3:DeleteObject WORK_BUCKET/k']],
    [
      'a copy reads its source',
      rest('PUT', '/the-work/k', { 'x-amz-copy-source': 'the-work/other' }),
      ['s3:PutObject WORK_BUCKET/k', 's3:GetObject WORK_BUCKET/other'],
    ],
    ['an upload in parts', rest('POST', '/the-work/k?uploads'), ['s3:PutObject WORK_BUCKET/k']],
    ['its parts', rest('GET', '/the-work/k?uploadId=1'), ['s3:ListMultipartUploadParts WORK_BUCKET/k']],
    ['its end', rest('DELETE', '/the-work/k?uploadId=1'), ['s3:AbortMultipartUpload WORK_BUCKET/k']],
  ])('%s', (_name, request, expected) => {
    expect(permissionsOf(request)).toEqual(expected);
  });

  test('names the sender as the resource of an e-mail', () => {
    const request = {
      ...rest('POST', '/v2/email/outbound-emails'),
      body: { FromEmailAddress: 'us@example.com' },
    };
    expect(permissionsOf(request)).toEqual(['ses:SendEmail MAIL_FROM']);
  });

  test('throws for an unknown service', () => {
    expect(permissionsOf(json('AWSNew.DoIt', {}))).toEqual(['AWSNew:DoIt unknown']);
  });
});
