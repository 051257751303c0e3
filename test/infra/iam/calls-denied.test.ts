import { afterAll, describe, expect, test } from 'vitest';
import { functionsOf, synthesized, target } from '../synth.ts';
import { recordedCalls } from '../../../local/calls/table.ts';
import { containersOf, requestsOfContainer, requestsOfLambda, SIGNED } from './implied.ts';
import { Account } from './policies.ts';
import type { Request } from './policies.ts';
import { Requests } from './requests.ts';
import { ACCOUNT, REGION } from './resolve.ts';
import { grantedUnseen } from './unseen.ts';

const dev = synthesized('dev');
const account = new Account(dev);
const requests = new Requests(dev, account);

const nameOf = ({ action, resource }: Request): string => `${action} ${resource}`;

/** What each function was seen to call or signs, without the key: whoever reads or writes uses it. */
const own = new Map<string, Set<string>>();
const everything = new Map<string, Request>();
for (const [name, permissions] of [...Object.entries(recordedCalls()), ...Object.entries(SIGNED)]) {
  const calls = own.get(name) ?? new Set<string>();
  own.set(name, calls);
  for (const request of permissions.flatMap((permission) => requests.of(name, permission))) {
    if (request.action.startsWith('kms:')) continue;
    calls.add(nameOf(request));
    everything.set(nameOf(request), request);
  }
}

let denied = 0;
let asked = 0;
afterAll(() => {
  console.log(`${denied} of ${asked} requests that a role must not make are denied`);
});

/** Those that a role may make although it must not. */
async function allowed(role: string, forbidden: readonly Request[]): Promise<string[]> {
  const found: string[] = [];
  for (const request of forbidden) {
    asked += 1;
    if (await account.allows({ ...request, role })) found.push(nameOf(request));
    else denied += 1;
  }
  return found;
}

/** Lambda reads the queue of a function in its name. */
const ofLambda = new Set(
  requestsOfLambda(dev, account).map((request) => `${request.role} ${nameOf(request)}`),
);

describe('the role of a function denies the calls of the others', () => {
  test.each([...functionsOf(dev)])('%s', async (name, { resource }) => {
    const role = target(resource.Properties['Role']);
    const foreign = [...everything.values()].filter(
      (request) =>
        !own.get(name)?.has(nameOf(request)) &&
        !ofLambda.has(`${role} ${nameOf(request)}`) &&
        !grantedUnseen(name, request),
    );
    expect(await allowed(role, foreign)).toEqual([]);
  });
});

test.each(containersOf(dev))('the image denies the calls of the functions: $role', async (container) => {
  const its = new Set(requestsOfContainer(dev, account, container).map(nameOf));
  const foreign = [...everything.values()].filter((request) => !its.has(nameOf(request)));
  expect(await allowed(container.role, foreign)).toEqual([]);
});

const UUID = '00000000-0000-0000-0000-000000000000';
const arnOf = (id: RegExp, type: string): string => {
  const found = dev.data.ofType(type).find(([logicalId]) => id.test(logicalId));
  return account.resolver(dev.data)({ 'Fn::GetAtt': [found?.[0], 'Arn'] }) as string;
};
const work = arnOf(/^Work/, 'AWS::S3::Bucket');
const files = arnOf(/^Files/, 'AWS::S3::Bucket');
const table = arnOf(/./, 'AWS::DynamoDB::GlobalTable');
const pool = arnOf(/./, 'AWS::Cognito::UserPool');
const of = (service: string, resource: string): string =>
  `arn:aws:${service}:${REGION}:${ACCOUNT}:${resource}`;
const execute = of('lambda', 'function:dukenet-dev-tasks-execute');

/** What no role of ours may ever do, with what would follow. */
const FORBIDDEN: readonly (readonly [action: string, resource: string, consequence: string])[] = [
  ['dynamodb:Scan', table, 'reads every account and task'],
  ['dynamodb:DeleteTable', table, 'deletes everything'],
  ['dynamodb:UpdateContinuousBackups', table, 'ends the backups'],
  ['dynamodb:ExportTableToPointInTime', table, 'copies the table'],
  ['s3:DeleteBucket', work, 'deletes everything'],
  ['s3:PutBucketPolicy', files, 'opens the bucket'],
  ['s3:PutLifecycleConfiguration', files, 'lets objects expire'],
  ['s3:DeleteObjectVersion', `${files}/ready/${UUID}/${'0'.repeat(64)}`, 'removes what versioning keeps'],
  ['s3:DeleteObject', `${work}/registry/duke-mm/1/model.tar.gz`, 'removes a version'],
  ['s3:PutObject', `${work}/tasks/${UUID}/unknown.json`, 'writes a key of no kind'],
  ['s3:GetObject', `${files}/quarantine/${UUID}`, 'reads what was rejected'],
  ['kms:ScheduleKeyDeletion', account.keyArn, 'makes everything unreadable'],
  ['kms:DisableKey', account.keyArn, 'makes everything unreadable'],
  ['kms:PutKeyPolicy', account.keyArn, 'opens the key'],
  ['cognito-idp:AdminSetUserPassword', pool, 'takes over an account'],
  ['cognito-idp:ListUsers', pool, 'reads all addresses'],
  ['lambda:InvokeFunction', execute, 'goes around its queue'],
  ['lambda:UpdateFunctionCode', execute, 'replaces the code'],
  ['iam:PassRole', `arn:aws:iam::${ACCOUNT}:role/Admin`, 'gives itself other rights'],
  ['iam:AttachRolePolicy', `arn:aws:iam::${ACCOUNT}:role/Admin`, 'gives itself other rights'],
  ['sts:AssumeRole', `arn:aws:iam::${ACCOUNT}:role/Admin`, 'gives itself other rights'],
  ['sagemaker:DeleteEndpoint', of('sagemaker', 'endpoint/dukenet-dev-duke-mm'), 'ends the service'],
  ['sagemaker:CreateTrainingJob', of('sagemaker', 'training-job/other'), 'trains in our account'],
  ['secretsmanager:GetSecretValue', of('secretsmanager', 'secret:other-AbCdEf'), 'reads a secret'],
  ['logs:DeleteLogGroup', of('logs', 'log-group:/aws/lambda/dukenet-dev-tasks-api'), 'removes its traces'],
];

test('outcomes are deleted by their recorder alone, which withdraws them from training', async () => {
  const request = (role: string) => ({
    ...{ role, action: 's3:DeleteObject', resource: `${work}/outcomes/2026/11/30/${UUID}.jsonl` },
  });
  const roles: string[] = [];
  for (const role of account.roles) if ((await allowed(role, [request(role)])).length > 0) roles.push(role);
  expect(roles).toEqual([expect.stringMatching(/^LearningRecordRole/)]);
});

test('no role allows privilege escalation, deletion of data or public access', async () => {
  // Roles that CDK brings along run while a stack is deployed only.
  const roles = account.roles.filter((role) => !role.startsWith('Custom'));
  const found: string[] = [];
  for (const role of roles) {
    const reckless = await allowed(
      role,
      FORBIDDEN.map(([action, resource]) => ({ role, action, resource })),
    );
    found.push(...reckless.map((request) => `${role} ${request}`));
  }
  expect(found).toEqual([]);
});

test('training cannot write evaluations, and evaluation cannot write artifacts', async () => {
  const [trainer, evaluator, endpoint] = containersOf(dev);
  const put = (keys: readonly string[]) =>
    keys.map((key) => ({ role: '', action: 's3:PutObject', resource: `${work}/${key}` }));
  expect(await allowed(trainer!.role, put(evaluator!.writes))).toEqual([]);
  expect(await allowed(evaluator!.role, put(trainer!.writes))).toEqual([]);
  expect(await allowed(endpoint!.role, put([...trainer!.writes, ...evaluator!.writes]))).toEqual([]);
});
