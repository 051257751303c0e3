import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { stackNames } from '../../contracts/naming.ts';
import { functionsOf, stacksOf, synthesized, target } from './synth.ts';
import type { StackTemplate } from './synth.ts';

/** The state: what a deployment must never replace by accident. */
const DATA = [
  'AWS::Cognito::UserPool',
  'AWS::Cognito::UserPoolClient',
  'AWS::Cognito::UserPoolGroup',
  'AWS::DynamoDB::GlobalTable',
  'AWS::S3::Bucket',
  'AWS::S3::BucketPolicy',
];
/** Everything that is made again at any time. No network, no public address but the API's, nothing that costs while idle. */
const APP = [
  'AWS::ApiGatewayV2::Api',
  'AWS::ApiGatewayV2::Integration',
  'AWS::ApiGatewayV2::Route',
  'AWS::ApiGatewayV2::Stage',
  'AWS::CloudWatch::Alarm',
  'AWS::Events::EventBus',
  'AWS::Events::Rule',
  'AWS::IAM::ManagedPolicy',
  'AWS::IAM::Policy',
  'AWS::IAM::Role',
  'AWS::Lambda::EventInvokeConfig',
  'AWS::Lambda::EventSourceMapping',
  'AWS::Lambda::Function',
  'AWS::Lambda::Permission',
  'AWS::Logs::LogGroup',
  'AWS::SQS::Queue',
  'AWS::SQS::QueuePolicy',
  'AWS::Scheduler::Schedule',
  'AWS::StepFunctions::StateMachine',
];
/** On AWS alone: the key of the data, the topics of alarms, the secret that the edge sends along, and what watches spending. */
const TOPICS = ['AWS::SNS::Subscription', 'AWS::SNS::Topic', 'AWS::SNS::TopicPolicy'];
const KEY = ['AWS::KMS::Alias', 'AWS::KMS::Key'];
const SECRET = ['AWS::SecretsManager::Secret'];
const SPENDING = ['AWS::Budgets::Budget', 'AWS::CE::AnomalyMonitor', 'AWS::CE::AnomalySubscription'];
/** What operators look at. */
const OPERATIONS = ['AWS::CloudWatch::Alarm', 'AWS::CloudWatch::Dashboard', 'AWS::Logs::QueryDefinition'];

const typesOf = (stack: StackTemplate): string[] =>
  [...new Set([...stack.resources.values()].map(({ Type }) => Type))].sort();

describe.each(['local', 'dev', 'prod'] as const)('the resources of %s', (name) => {
  const made = synthesized(name);
  const { data, app, stage } = made;
  const onAws = name !== 'local';

  test('are of these kinds and no other', () => {
    expect(typesOf(data)).toEqual([...DATA, ...(onAws ? [...KEY, ...TOPICS, ...SPENDING] : [])].sort());
    expect(typesOf(app)).toEqual([...APP, ...(onAws ? SECRET : [])].sort());
    if (made.operations) expect(typesOf(made.operations)).toEqual(OPERATIONS);
  });

  test('stay below the resource limit of a stack, with a reserve', () => {
    for (const stack of stacksOf(made)) expect(stack.resources.size).toBeLessThan(498);
  });

  test('are singletons where a second one would split the marketplace', () => {
    for (const type of [
      'AWS::DynamoDB::GlobalTable',
      'AWS::Cognito::UserPool',
      'AWS::Cognito::UserPoolClient',
    ])
      expect(data.only(type)).toBeDefined();
    for (const type of ['AWS::Events::EventBus', 'AWS::StepFunctions::StateMachine'])
      expect(app.only(type)).toBeDefined();
    const protocols = app.ofType('AWS::ApiGatewayV2::Api').map(([, api]) => api.Properties.ProtocolType);
    expect(protocols.sort()).toEqual(['HTTP', 'WEBSOCKET']);
    if (onAws) expect(data.only('AWS::KMS::Key')).toBeDefined();
  });

  test('carry the stage in their names, so that two stages fit into one account', () => {
    const NAMED = ['FunctionName', 'QueueName', 'TableName', 'LogGroupName', 'StateMachineName', 'AliasName'];
    const names = [...data.resources.values(), ...app.resources.values()].flatMap(({ Properties = {} }) =>
      NAMED.flatMap((property) => {
        // A reference to a resource is not its name.
        const value = Properties[property];
        return typeof value === 'string' ? [value] : [];
      }),
    );
    expect(names.length).toBeGreaterThan(functionsOf(made).size);
    expect(
      names.filter((one) => !one.includes(`dukenet-${name}-`) && !one.endsWith(`dukenet-${name}`)),
    ).toEqual([]);
  });

  test('are tagged with project and stage for cost allocation', () => {
    const Tags = z.union([
      z
        .array(z.object({ Key: z.string(), Value: z.string() }))
        .transform((tags) => Object.fromEntries(tags.map(({ Key, Value }) => [Key, Value]))),
      z.record(z.string(), z.string()),
    ]);
    const costly = [...functionsOf(made).values()].map(({ resource }) => resource);
    const apis = app.ofType('AWS::ApiGatewayV2::Api').map(([, api]) => api);
    for (const { Properties } of [...costly, ...apis])
      expect(Tags.parse(Properties.Tags)).toMatchObject({ project: 'dukenet', stage: name });
  });

  test('export the outputs that programs read', () => {
    expect(outputsOf(data).filter((output) => !output.startsWith('ExportsOutput'))).toEqual([
      'TableName',
      'FilesBucket',
      'WorkBucket',
      'UserPoolId',
      'UserPoolClientId',
    ]);
    // Exports that the edge imports besides.
    expect(outputsOf(app).filter((output) => !output.startsWith('ExportsOutput'))).toEqual([
      'ApiId',
      'ApiUrl',
      'LiveApiId',
    ]);
  });

  test('of the app stack depend on the data stack, never the reverse', () => {
    const importsOf = (stack: StackTemplate): string =>
      JSON.stringify(stack.json).match(/"Fn::ImportValue"/)?.[0] ?? '';
    expect(importsOf(data)).toBe('');
    expect(JSON.stringify(app.json)).toContain(`${stackNames.data(stage.name)}:`);
  });

  test('without data are deleted with their stack', () => {
    const kept = [...app.resources].filter(
      ([, { DeletionPolicy }]) => (DeletionPolicy ?? 'Delete') !== 'Delete',
    );
    expect(kept.map(([id]) => id)).toEqual([]);
  });
});

const outputsOf = ({ json }: StackTemplate): string[] =>
  Object.keys(z.record(z.string(), z.unknown()).parse(json.Outputs));

describe('roles', () => {
  const dev = synthesized('dev');

  test('are each assumed by one AWS service', () => {
    const Trust = z.object({
      Statement: z.tuple([
        z
          .object({
            Action: z.literal('sts:AssumeRole'),
            Effect: z.literal('Allow'),
            Principal: z.strictObject({ Service: z.string() }),
          })
          .loose(),
      ]),
    });
    const services = new Map(
      dev.app
        .ofType('AWS::IAM::Role')
        .map(([id, { Properties }]) => [
          id,
          Trust.parse(Properties.AssumeRolePolicyDocument).Statement[0].Principal.Service,
        ]),
    );
    for (const { resource } of functionsOf(dev).values())
      expect(services.get(target(resource.Properties.Role))).toBe('lambda.amazonaws.com');
    expect([...new Set(services.values())].sort()).toEqual([
      'lambda.amazonaws.com',
      'sagemaker.amazonaws.com',
      'scheduler.amazonaws.com',
      'states.amazonaws.com',
    ]);
  });

  test('get access to the key through IAM policies, not through the key policy', () => {
    const { Statement } = z
      .object({ Statement: z.array(z.object({ Principal: z.unknown(), Effect: z.string() }).loose()) })
      .parse(dev.data.only('AWS::KMS::Key').Properties.KeyPolicy);
    expect(Statement.map(({ Principal }) => JSON.stringify(Principal))).toEqual([
      expect.stringMatching(/"AWS::AccountId".*:root/),
    ]);
  });
});

test('the app stack stays 20 resources below what CloudFormation takes, and its functions have no policies of their own', () => {
  const { app } = synthesized('prod');
  expect(app.resources.size).toBeLessThanOrEqual(480);
  const policies = app.ofType('AWS::IAM::Policy').map(([id]) => id);
  expect(policies.filter((id) => id.includes('Role'))).toEqual([]);
});
