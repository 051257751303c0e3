/** One request that a function sent to AWS, as its HTTP client saw it. */
export interface AwsRequest {
  readonly method: string;
  /** With the query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Parsed, where the service speaks JSON. */
  readonly body: Readonly<Record<string, unknown>>;
}

/** What IAM is asked: an action on a resource. A resource begins with the environment variable that names it. */
export type Permission = readonly [action: string, resource: string];

export interface Described {
  /** Of the AWS CLI, such as `dynamodb`. */
  readonly service: string;
  /** Name of the API operation, such as `TransactWriteItems`. */
  readonly operation: string;
  /** Empty where AWS checks no permission. */
  readonly permissions: readonly Permission[];
  /** Events or messages in the request, where AWS charges for each. */
  readonly entries?: number;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Operations of Cognito that anybody may call with the id of a client. */
const COGNITO_PUBLIC = new Set([
  'SignUp',
  'ConfirmSignUp',
  'ResendConfirmationCode',
  'ForgotPassword',
  'ConfirmForgotPassword',
  'InitiateAuth',
  'RespondToAuthChallenge',
  'ChangePassword',
  'GetUser',
  'RevokeToken',
  'GlobalSignOut',
]);

/**
 * Names the operation of a request and the permissions that AWS checks for it.
 * @param environment of the function: a resource is named by the variable with its name
 * @returns undefined for a request that does not go to AWS, such as that for the keys of tokens
 */
export function describe(request: AwsRequest, environment: Environment): Described | undefined {
  const [api, operation] = (request.headers['x-amz-target'] ?? '').split('.');
  const named = (value: unknown): string => variableOf(String(value), environment);
  if (api && operation) return describeJson(api, operation, request.body, named);
  return describeRest(request, named);
}

type Named = (value: unknown) => string;
type Body = AwsRequest['body'];

function describeJson(api: string, operation: string, body: Body, named: Named): Described | undefined {
  const one = (service: string, action: string, resource: unknown): Described => ({
    service,
    operation,
    permissions: [[`${service}:${action}`, named(resource)]],
  });
  switch (api) {
    case 'DynamoDB_20120810':
      return { service: 'dynamodb', operation, permissions: tablePermissions(operation, body, named) };
    case 'AmazonSQS':
      // The metrics of administrators ask every queue of the stage, whose URLs are in one variable.
      if (operation === 'GetQueueAttributes')
        return { service: 'sqs', operation, permissions: [[`sqs:${operation}`, 'QUEUE_URLS']] };
      return one('sqs', operation.replace('Batch', ''), body['QueueUrl']);
    case 'AWSEvents': {
      const entries = body['Entries'] as Body[];
      const buses = new Set(entries.map((entry) => entry['EventBusName']));
      return {
        entries: entries.length,
        service: 'events',
        operation,
        permissions: [...buses].map((bus) => [`events:${operation}`, named(bus)] as const),
      };
    }
    case 'AWSStepFunctions':
      return one('states', operation, body['stateMachineArn'] ?? body['executionArn']);
    case 'AWSCognitoIdentityProviderService':
      return COGNITO_PUBLIC.has(operation)
        ? { service: 'cognito-idp', operation, permissions: [] }
        : one('cognito-idp', operation, body['UserPoolId']);
    case 'SageMaker':
      return { service: 'sagemaker', operation, permissions: jobPermissions(operation, body, named) };
    default:
      return { service: api, operation, permissions: [[`${api}:${operation}`, 'unknown']] };
  }
}

const TRANSACTION_ACTIONS = {
  Put: 'PutItem',
  Update: 'UpdateItem',
  Delete: 'DeleteItem',
  ConditionCheck: 'ConditionCheckItem',
} as const;

function tablePermissions(operation: string, body: Body, named: Named): Permission[] {
  if (operation === 'TransactWriteItems') {
    const steps = (body['TransactItems'] as Record<string, Body>[]).flatMap((item) =>
      Object.entries(item).map(([kind, step]): Permission => [
        `dynamodb:${TRANSACTION_ACTIONS[kind as keyof typeof TRANSACTION_ACTIONS]}`,
        named(step['TableName']),
      ]),
    );
    return [...new Map(steps.map((step) => [step.join(), step])).values()];
  }
  if (operation === 'BatchGetItem') {
    return Object.keys(body['RequestItems'] as object).map((table) => [
      'dynamodb:BatchGetItem',
      named(table),
    ]);
  }
  const index = body['IndexName'];
  const table = named(body['TableName']);
  return [[`dynamodb:${operation}`, typeof index === 'string' ? `${table}/index/${index}` : table]];
}

function jobPermissions(operation: string, body: Body, named: Named): Permission[] {
  const resource =
    body['TrainingJobName'] ??
    body['ProcessingJobName'] ??
    body['EndpointName'] ??
    body['EndpointConfigName'];
  const kind = /TrainingJob/.test(operation)
    ? 'training-job/'
    : /ProcessingJob/.test(operation)
      ? 'processing-job/'
      : '';
  return [
    [`sagemaker:${operation}`, `${kind}${kind === '' ? named(resource) : withoutDigits(String(resource))}`],
    ...(typeof body['RoleArn'] === 'string' ? [['iam:PassRole', named(body['RoleArn'])] as const] : []),
  ];
}

function describeRest({ method, path, headers, body }: AwsRequest, named: Named): Described | undefined {
  const invoked = /^\/endpoints\/([^/]+)\/invocations/.exec(path);
  if (invoked) {
    const permissions: Permission[] = [['sagemaker:InvokeEndpoint', named(invoked[1])]];
    return { service: 'sagemaker', operation: 'InvokeEndpoint', permissions };
  }
  if (path.startsWith('/v2/email/outbound-emails')) {
    const permissions: Permission[] = [['ses:SendEmail', named(body['FromEmailAddress'])]];
    return { service: 'ses', operation: 'SendEmail', permissions };
  }
  if (path.includes('/@connections/')) {
    const permissions: Permission[] = [['execute-api:ManageConnections', `CONNECTIONS_URL/${method}`]];
    return { service: 'execute-api', operation: `${method} @connections`, permissions };
  }
  return describeS3(method, path, headers, named);
}

function describeS3(
  method: string,
  path: string,
  headers: AwsRequest['headers'],
  named: Named,
): Described | undefined {
  const { pathname, searchParams: query } = new URL(path, 'http://s3');
  const [, bucket = '', ...rest] = pathname.split('/').map(decodeURIComponent);
  const name = named(bucket);
  if (!name.endsWith('_BUCKET')) return undefined;
  const key = withoutDigits(rest.join('/'));
  const on = (operation: string, action: string): Described => ({
    service: 's3',
    operation,
    permissions: [[`s3:${action}`, key === '' ? name : `${name}/${key}`]],
  });
  if (key === '') return on(method === 'HEAD' ? 'HeadBucket' : 'ListObjectsV2', 'ListBucket');
  if (query.has('uploads')) return on('CreateMultipartUpload', 'PutObject');
  if (query.has('uploadId')) {
    if (method === 'GET') return on('ListParts', 'ListMultipartUploadParts');
    if (method === 'DELETE') return on('AbortMultipartUpload', 'AbortMultipartUpload');
    return on(method === 'POST' ? 'CompleteMultipartUpload' : 'UploadPart', 'PutObject');
  }
  if (method === 'DELETE') return on('DeleteObject', 'DeleteObject');
  if (method !== 'PUT') return on(method === 'HEAD' ? 'HeadObject' : 'GetObject', 'GetObject');
  const source = headers['x-amz-copy-source'];
  if (source === undefined) return on('PutObject', 'PutObject');
  const [from = '', ...sourceKey] = decodeURIComponent(source).replace(/^\//, '').split('/');
  const { permissions } = on('CopyObject', 'PutObject');
  return {
    service: 's3',
    operation: 'CopyObject',
    permissions: [...permissions, ['s3:GetObject', `${named(from)}/${withoutDigits(sourceKey.join('/'))}`]],
  };
}

/** The variable whose value names the resource, else the name itself. */
function variableOf(value: string, environment: Environment): string {
  const exact = Object.keys(environment).find((name) => environment[name] === value);
  if (exact !== undefined) return exact;
  // An execution of a machine: its ARN continues that of the machine.
  const machine = Object.keys(environment).find(
    (name) => name.endsWith('_ARN') && value.startsWith(executionsOf(environment[name] ?? '')),
  );
  return machine === undefined ? withoutDigits(value) : `${machine}/execution`;
}

const executionsOf = (machineArn: string): string =>
  `${machineArn.replace(':stateMachine:', ':execution:')}:`;

/** The same key for every id, of the same length, so that a policy's pattern fits it as it fits the key. */
export const withoutDigits = (key: string): string =>
  key
    .replace(/[0-9a-f]{16,}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, (id) =>
      id.replace(/[0-9a-f]/g, '0'),
    )
    .replace(/\d/g, '0');
