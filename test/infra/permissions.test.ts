import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { jobName, objects } from '../../contracts/naming.ts';
import { artifactKeys, objectKeys, trainedKeys } from '../../lib/shared/object-keys.ts';
import { functionsOf, identityStatements, permissionsOf, servingOf, synthesized } from './synth.ts';

const dev = synthesized('dev');
const permissions = permissionsOf(dev);

/** Functions that are allowed an action, in the order of their names. */
const allowed = (action: string): string[] =>
  [...permissions]
    .filter(([, statements]) => statements.some(({ actions }) => actions.includes(action)))
    .map(([name]) => name)
    .sort();
const actionsOf = (name: string, service: string): string[] =>
  (permissions.get(name) ?? [])
    .flatMap(({ actions }) => actions)
    .filter((action) => action.startsWith(`${service}:`))
    .sort();

describe('least privilege', () => {
  test('no permission names all actions, or all resources where AWS supports narrower ones', () => {
    // Without the functions that CDK brings along: to copy the SPA, and values to another region.
    const statements = identityStatements(dev).filter(([holder]) => !holder.startsWith('Custom'));
    expect(statements.length).toBeGreaterThan(permissions.size);
    expect(statements.filter(([, { actions }]) => actions.some((action) => action.includes('*')))).toEqual(
      [],
    );
    const unbounded = statements
      .filter(([, { resources }]) => resources.some((r) => r.includes('*')))
      // Of its own folder, in which the trainer alone names its files.
      .filter(([, { resources }]) => !resources.every((r) => r.includes('/checkpoints/*')));
    expect(unbounded.flatMap(([, { actions }]) => actions).sort()).toEqual([
      // Of the image, which runs in jobs and behind the endpoint.
      'cloudwatch:PutMetricData',
      'cloudwatch:PutMetricData',
      'ecr:GetAuthorizationToken',
      'ecr:GetAuthorizationToken',
      // The gateway names live connections by itself; the API and its stage are named.
      'execute-api:ManageConnections',
      'execute-api:ManageConnections',
      // The log of the state machine.
      'logs:CreateLogDelivery',
      // On one log group of SageMaker each: actions on a group are evaluated on its ARN with `:*`.
      'logs:CreateLogGroup',
      'logs:CreateLogGroup',
      'logs:DeleteLogDelivery',
      'logs:DescribeLogGroups',
      'logs:DescribeLogStreams',
      'logs:DescribeLogStreams',
      'logs:DescribeResourcePolicies',
      'logs:GetLogDelivery',
      'logs:ListLogDeliveries',
      'logs:PutResourcePolicy',
      'logs:UpdateLogDelivery',
      'xray:PutTelemetryRecords',
      'xray:PutTraceSegments',
    ]);
  });

  test('every function has its own role without AWS managed policies', () => {
    const functions = [...functionsOf(dev).values()];
    const roles = functions.map(({ resource }) => JSON.stringify(resource.Properties.Role));
    expect(new Set(roles).size).toBe(functions.length);
    for (const [, { Properties }] of dev.app.ofType('AWS::IAM::Role')) {
      expect(JSON.stringify(Properties.ManagedPolicyArns ?? [])).not.toContain(':aws:policy/');
    }
  });

  test('no role scans the table; insight only reads it, and the router has no access', () => {
    expect(allowed('dynamodb:Scan')).toEqual([]);
    expect(actionsOf('insight/api', 'dynamodb')).toEqual([
      'dynamodb:BatchGetItem',
      'dynamodb:GetItem',
      'dynamodb:Query',
    ]);
    expect(actionsOf('events/route', 'dynamodb')).toEqual([
      'dynamodb:DescribeStream',
      'dynamodb:GetRecords',
      'dynamodb:GetShardIterator',
      'dynamodb:ListStreams',
    ]);
  });

  test('few functions invoke the endpoint; one each reads its status, manages accounts, publishes events', () => {
    // Two of learning make it load a version before that one serves; one asks a version in shadow.
    expect(allowed('sagemaker:InvokeEndpoint')).toEqual([
      'learning/api',
      'learning/shadow',
      'learning/warm',
      'tasks/execute',
      'tasks/quote',
    ]);
    expect(allowed('sagemaker:DescribeEndpoint')).toEqual(['insight/api', 'learning/api', 'learning/warm']);
    expect(allowed('events:PutEvents')).toEqual(['events/route']);
    expect(allowed('cognito-idp:AdminInitiateAuth')).toEqual(['identity/api']);
    expect(actionsOf('identity/api', 'cognito-idp')).toEqual([
      'cognito-idp:AdminAddUserToGroup',
      'cognito-idp:AdminConfirmSignUp',
      'cognito-idp:AdminDeleteUser',
      'cognito-idp:AdminGetUser',
      'cognito-idp:AdminInitiateAuth',
      'cognito-idp:AdminUserGlobalSignOut',
    ]);
  });

  test('only the functions that post, plan and execute tasks queue chunks', () => {
    expect(allowed('sqs:SendMessage').filter((name) => name !== 'events/route')).toEqual([
      'tasks/api',
      'tasks/execute',
      'tasks/plan',
    ]);
  });

  test('objects are written by their producers and deleted by the files functions', () => {
    expect(allowed('s3:PutObject')).toEqual([
      'files/api',
      'files/expire',
      'files/inspect-archive',
      'files/inspect-media',
      'files/inspect-text',
      'files/preview',
      'learning/prepare',
      'learning/record',
      'learning/register',
      'learning/shadow',
      'tasks/api',
      'tasks/complete',
      'tasks/execute',
      'tasks/judge',
      'tasks/plan',
      'tasks/quote',
      'tasks/work',
    ]);
    // What is recalled of a question takes the place of what was, and withdrawn outcomes are deleted; a quote removes the examples that it was made with.
    expect(allowed('s3:DeleteObject')).toEqual([
      'files/api',
      'files/expire',
      'files/inspect-archive',
      'files/inspect-media',
      'files/inspect-text',
      // Compacted outcomes whose tasks have changed.
      'learning/prepare',
      'learning/record',
      'tasks/quote',
    ]);
    expect(allowed('s3:AbortMultipartUpload')).toEqual(['files/api']);
    expect(allowed('s3:ListMultipartUploadParts')).toEqual(['files/api']);
    expect(allowed('kms:GenerateDataKey')).toEqual(allowed('s3:PutObject'));
  });

  test('readers of objects may list their bucket, because a missing object would be 403 instead of 404', () => {
    for (const name of allowed('s3:GetObject')) expect(actionsOf(name, 's3')).toContain('s3:ListBucket');
  });

  test('Duke MM may read its registry, examples, recalled items and inspected files, and write nothing', () => {
    const role = [...servingOf(dev).resources.keys()].find((id) => id.startsWith('EndpointRole')) ?? '';
    const statements = identityStatements(dev).filter(([holder]) => holder === role);
    const actions = statements.flatMap(([, statement]) => statement.actions);
    expect(actions.filter((action) => action.startsWith('s3:')).sort()).toEqual([
      's3:GetObject',
      's3:ListBucket',
    ]);
    const reads = statements.flatMap(([, s]) => (s.actions.includes('s3:GetObject') ? s.resources : []));
    expect(reads.map((resource) => /\/(\w+)\//.exec(resource)?.[1]).sort()).toEqual([
      'ready',
      'recalled',
      ...artifactKeys.map(() => 'registry'),
      'tasks',
    ]);
  });
});

describe('object keys in policies', () => {
  const id = '0192f0c1-7a3b-7c4d-8e5f-9a0b1c2d3e4f';
  const built: Record<string, string> = {
    uploadText: objects.upload('text', id),
    uploadArchive: objects.upload('archive', id),
    uploadMedia: objects.upload('media', id),
    ready: objects.ready(id, 'b'.repeat(64)),
    preview: objects.preview(id, 'b'.repeat(64), 12),
    quarantine: objects.quarantine(id),
    taskInputs: objects.taskInputs(id),
    examples: objects.examples(id),
    chunkItems: objects.chunkItems(id, 12),
    chunkResults: objects.chunkResults(id, 9999),
    itemIds: objects.itemIds(id),
    draft: objects.draft(id, 2, 12, 'c'.repeat(16)),
    outputCsv: objects.output(id, 'csv'),
    outputJson: objects.output(id, 'json'),
    outputJsonl: objects.output(id, 'jsonl'),
    judgedOutputCsv: objects.judgedOutput(id, 'c'.repeat(16), 'csv'),
    judgedOutputJson: objects.judgedOutput(id, 'c'.repeat(16), 'json'),
    judgedOutputJsonl: objects.judgedOutput(id, 'c'.repeat(16), 'jsonl'),
    corrections: objects.corrections(id, 'c'.repeat(16)),
    recalled: objects.recalled('d'.repeat(24), 'e'.repeat(64)),
    outcomes: objects.outcomes(id, '2026-11-23T00:00:00.000Z'),
    withdrawal: objects.withdrawal(`fam_${'a'.repeat(24)}`, '2026-11-23'),
    compactedOutcomes: objects.compactedOutcomes('2026-11-23', 'f'.repeat(64)),
    manifest: objects.manifest(id),
    dataTrain: objects.dataShard(id, 'train', 7),
    dataValidation: objects.dataShard(id, 'validation', 7),
    dataReservoir: objects.dataShard(id, 'reservoir', 7),
    trainingLog: objects.trainingLog(id),
    recomposed: objects.recomposed(id),
    report: objects.report(id),
    modelCard: objects.modelCard(id),
  };
  const matches = (pattern: string, key: string): boolean =>
    pattern.length === key.length && [...pattern].every((c, i) => c === '?' || c === key[i]);

  test.each(Object.entries(objectKeys))(
    '%s matches the keys that naming builds, and no others',
    (kind, pattern) => {
      const hits = Object.entries(built).filter(([, key]) => matches(pattern, key));
      expect(hits.map(([name]) => name)).toEqual([kind]);
    },
  );

  test('artifacts have one to nine digits', () => {
    for (const version of ['1', '42', '999999999']) {
      expect(artifactKeys.filter((pattern) => matches(pattern, objects.artifact(version)))).toHaveLength(1);
    }
  });

  test('the outputs of a training job are below the name of the job', () => {
    for (const stage of ['local', 'dev', 'prod']) {
      const key = objects.trained(id, jobName(stage, id));
      expect(trainedKeys.filter((pattern) => matches(pattern, key))).toHaveLength(1);
    }
  });

  test('every kind of object that naming knows can be granted', () => {
    const known = new Set(
      Object.keys(built).map((kind) =>
        kind
          .replace(/(Csv|Jsonl?|Text|Media|Archive)$/, '')
          .replace(/^data(Train|Validation|Reservoir)$/, 'dataShard'),
      ),
    );
    expect(new Set([...known, 'artifact', 'shadowAnswers', 'trained'])).toEqual(
      new Set(Object.keys(objects)),
    );
  });
});

test('every allowing resource policy names principals and actions', () => {
  const Document = z.object({
    PolicyDocument: z.object({
      Statement: z.array(z.object({ Effect: z.string(), Principal: z.unknown() })),
    }),
  });
  const resourcePolicies = ['AWS::SQS::QueuePolicy', 'AWS::S3::BucketPolicy'].flatMap((type) =>
    [...dev.data.ofType(type), ...dev.app.ofType(type)].map(([, { Properties }]) =>
      Document.parse(Properties),
    ),
  );
  const open = resourcePolicies
    .flatMap(({ PolicyDocument }) => PolicyDocument.Statement)
    .filter(({ Effect, Principal }) => Effect === 'Allow' && JSON.stringify(Principal).includes('*'));
  expect(resourcePolicies.length).toBeGreaterThan(10);
  expect(open).toEqual([]);
});
