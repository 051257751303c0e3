import type { Permission } from '../../../local/calls/describe.ts';
import { functionsOf, servingOf, stacksOf, target } from '../synth.ts';
import type { StackTemplate, Synthesized } from '../synth.ts';
import { ACCOUNT, REGION } from './resolve.ts';
import type { Account, Request } from './policies.ts';

const UUID = '00000000-0000-0000-0000-000000000000';
const HASH = '0'.repeat(64);

/**
 * What functions sign for others to send: the caller has the permissions of the function that signed.
 * Not in a recording, since the function itself sends nothing.
 */
export const SIGNED: Readonly<Record<string, readonly Permission[]>> = {
  'files/api': [
    ...['text', 'media', 'archive'].map((kind): Permission => [
      's3:PutObject',
      `FILES_BUCKET/uploads/${kind}/${UUID}`,
    ]),
    ['s3:GetObject', `FILES_BUCKET/ready/${UUID}/${HASH}`],
  ],
  'tasks/api': ['csv', 'json', 'jsonl'].flatMap((extension): Permission[] => [
    ['s3:GetObject', `WORK_BUCKET/tasks/${UUID}/output.${extension}`],
    ['s3:GetObject', `WORK_BUCKET/tasks/${UUID}/output-${'0'.repeat(16)}.${extension}`],
  ]),
};

/** What Lambda does with a function's own role: logs, traces, and reading what invokes it. */
export function requestsOfLambda(made: Synthesized, account: Account): Request[] {
  const resolve = account.resolver(made.app);
  const functions = functionsOf(made);
  const roleOf = (reference: unknown): string => target(made.app.get(target(reference)).Properties['Role']);
  const ofFunctions = [...functions.values()].flatMap(({ id, resource }): Request[] => {
    const role = roleOf({ Ref: id });
    const group = `arn:aws:logs:${REGION}:${ACCOUNT}:log-group:/aws/lambda/${String(resource.Properties['FunctionName'])}`;
    const stream = `${group}:log-stream:2026/01/01/[$LATEST]0123456789abcdef`;
    return [
      { role, action: 'logs:CreateLogStream', resource: stream },
      { role, action: 'logs:PutLogEvents', resource: stream },
      { role, action: 'xray:PutTraceSegments', resource: '*' },
      { role, action: 'xray:PutTelemetryRecords', resource: '*' },
    ];
  });
  const ofSources = made.app.ofType('AWS::Lambda::EventSourceMapping').flatMap(([, { Properties }]) => {
    const role = roleOf(Properties['FunctionName']);
    const source = resolve(Properties['EventSourceArn']) as string;
    if (source.startsWith('arn:aws:sqs:'))
      return ['ReceiveMessage', 'DeleteMessage', 'GetQueueAttributes'].map((action) => ({
        role,
        action: `sqs:${action}`,
        resource: source,
      }));
    const onFailure = resolve(Properties['DestinationConfig']) as { OnFailure: { Destination: string } };
    return [
      ...['DescribeStream', 'GetRecords', 'GetShardIterator'].map((action) => ({
        role,
        action: `dynamodb:${action}`,
        resource: source,
      })),
      { role, action: 'kms:Decrypt', resource: account.keyArn },
      { role, action: 'sqs:SendMessage', resource: onFailure.OnFailure.Destination },
    ];
  });
  return [...ofFunctions, ...ofSources];
}

/** What rules, schedules and the state machine do, by their roles or by the policy of the target. */
export function requestsOfServices(made: Synthesized, account: Account): Request[] {
  return stacksOf(made).flatMap((stack) => [
    ...ofRules(stack, account),
    ...ofSchedules(stack, account),
    ...ofMachines(stack, account),
  ]);
}

function ofRules(stack: StackTemplate, account: Account): Request[] {
  const resolve = account.resolver(stack);
  return stack.ofType('AWS::Events::Rule').flatMap(([id, { Properties }]) => {
    const targets = (Properties['Targets'] ?? []) as { Arn: unknown; DeadLetterConfig?: { Arn: unknown } }[];
    const arns = targets
      .flatMap(({ Arn, DeadLetterConfig }) => [Arn, DeadLetterConfig?.Arn])
      .filter((arn) => arn !== undefined)
      .map((arn) => resolve(arn) as string)
      .filter((arn) => arn.startsWith('arn:aws:sqs:'));
    const rule = resolve({ 'Fn::GetAtt': [id, 'Arn'] }) as string;
    return arns.map((resource) => ({
      role: 'events.amazonaws.com',
      action: 'sqs:SendMessage',
      resource,
      context: { 'aws:SourceArn': rule, 'aws:SourceAccount': ACCOUNT },
    }));
  });
}

const ofSchedules = (stack: StackTemplate, account: Account): Request[] =>
  stack.ofType('AWS::Scheduler::Schedule').map(([, { Properties }]) => {
    const { Arn, RoleArn } = Properties['Target'] as { Arn: unknown; RoleArn: unknown };
    return {
      role: target(RoleArn),
      action: 'lambda:InvokeFunction',
      resource: account.resolver(stack)(Arn) as string,
    };
  });

const ofMachines = (stack: StackTemplate, account: Account): Request[] =>
  stack.ofType('AWS::StepFunctions::StateMachine').flatMap(([, { Properties }]) =>
    Object.values(Properties['DefinitionSubstitutions'] as Record<string, unknown>)
      .map((value) => account.resolver(stack)(value) as string)
      .filter((value) => value.startsWith('arn:aws:lambda:'))
      .map((resource) => ({
        role: target(Properties['RoleArn']),
        action: 'lambda:InvokeFunction',
        resource,
      })),
  );

/** Objects that a container of Duke MM reads and writes, below its buckets. */
interface Container {
  readonly role: string;
  readonly reads: readonly string[];
  readonly writes: readonly string[];
  /** Log group of SageMaker. */
  readonly logs: string;
}

/** The jobs of training runs and the endpoint, as SageMaker runs them. */
export function containersOf(made: Synthesized): Container[] {
  const roleLike = (stack: StackTemplate, pattern: RegExp): string => {
    const found = stack.ofType('AWS::IAM::Role').find(([id]) => pattern.test(id));
    if (!found) throw new Error(`There is no role like ${String(pattern)}`);
    return found[0];
  };
  const run = `learning/${UUID}`;
  const job = `${run}/trained/dukenet-${made.stage.name}-${UUID}/output`;
  const data = [
    `${run}/data/manifest.json`,
    ...['train', 'validation', 'reservoir'].map((split) => `${run}/data/${split}/0001.jsonl`),
    'registry/duke-mm/12/model.tar.gz',
  ];
  return [
    {
      role: roleLike(made.app, /Trainer/),
      reads: [...data, `${run}/checkpoints/metrics.jsonl`, `${run}/checkpoints/features/0001.safetensors`],
      writes: [
        `${job}/model.tar.gz`,
        `${job}/output.tar.gz`,
        `${run}/checkpoints/metrics.jsonl`,
        `${run}/checkpoints/state.pt`,
      ],
      logs: '/aws/sagemaker/TrainingJobs',
    },
    {
      role: roleLike(made.app, /Evaluator/),
      reads: [...data, `${job}/model.tar.gz`, `${run}/checkpoints/metrics.jsonl`],
      writes: ['metrics.json', 'MODEL_CARD.md', 'model.tar.gz'].map((name) => `${run}/evaluation/${name}`),
      logs: '/aws/sagemaker/ProcessingJobs',
    },
    {
      role: roleLike(servingOf(made), /EndpointRole/),
      reads: [
        'registry/duke-mm/7/model.tar.gz',
        `tasks/${UUID}/examples.jsonl`,
        `recalled/${'0'.repeat(24)}/${HASH}.jsonl`,
      ],
      writes: [],
      logs: `/aws/sagemaker/Endpoints/dukenet-${made.stage.name}-duke-mm`,
    },
  ];
}

export function requestsOfContainer(made: Synthesized, account: Account, container: Container): Request[] {
  const { role, reads, writes, logs } = container;
  const resolve = account.resolver(made.data);
  const bucket = (kind: 'Files' | 'Work'): string => {
    const found = made.data.ofType('AWS::S3::Bucket').find(([id]) => id.startsWith(kind));
    return resolve({ 'Fn::GetAtt': [found?.[0], 'Arn'] }) as string;
  };
  const [work, files] = [bucket('Work'), bucket('Files')];
  const group = `arn:aws:logs:${REGION}:${ACCOUNT}:log-group:${logs}`;
  const stream = `${group}:log-stream:dukenet-${made.stage.name}-${UUID}/algo-1-1796056121`;
  const image = `arn:aws:ecr:${REGION}:${ACCOUNT}:repository/cdk-hnb659fds-container-assets-${ACCOUNT}-${REGION}`;
  const viaS3 = { 'kms:ViaService': `s3.${REGION}.amazonaws.com` };
  const onKey = (action: string): Request => ({ role, action, resource: account.keyArn, context: viaS3 });
  const on = (action: string, resources: readonly string[]): Request[] =>
    resources.map((resource) => ({ role, action, resource }));
  return [
    ...on('s3:GetObject', [...reads.map((key) => `${work}/${key}`), `${files}/ready/${UUID}/${HASH}`]),
    ...on(
      's3:PutObject',
      writes.map((key) => `${work}/${key}`),
    ),
    ...on('s3:ListBucket', [work, files]),
    onKey('kms:Decrypt'),
    ...(writes.length > 0 ? [onKey('kms:GenerateDataKey'), onKey('kms:Encrypt')] : []),
    // AWS evaluates actions on a group on this ARN, as its refusals show.
    ...(logs.includes('Jobs') ? on('logs:CreateLogGroup', [`${group}:log-stream:`]) : []),
    ...on('logs:DescribeLogStreams', [`${group}:log-stream:`]),
    ...on('logs:CreateLogStream', [stream]),
    ...on('logs:PutLogEvents', [stream]),
    {
      role,
      action: 'cloudwatch:PutMetricData',
      resource: '*',
      context: { 'cloudwatch:namespace': logs.split('/').slice(0, 4).join('/') },
    },
    ...on('ecr:GetAuthorizationToken', ['*']),
    ...['BatchCheckLayerAvailability', 'GetDownloadUrlForLayer', 'BatchGetImage'].flatMap((action) =>
      on(`ecr:${action}`, [image]),
    ),
  ];
}
