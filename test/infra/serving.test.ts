import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { endpointName, stackNames } from '../../contracts/naming.ts';
import { servingOf, synthesized } from './synth.ts';

const AWS = ['dev', 'prod'] as const;
const JSON_OF = (value: unknown): string => JSON.stringify(value);

test('the local stage has no serving stack: its endpoint is a process', () => {
  expect(synthesized('local').serving).toBeUndefined();
});

describe.each(AWS)('an instance quota of 0 for the endpoint of %s', (name) => {
  const made = synthesized(name);

  test('fails a stack that contains nothing else', () => {
    const types = [...made.app.resources.values(), ...made.data.resources.values()].map(({ Type }) => Type);
    expect(types.filter((type) => type.startsWith('AWS::SageMaker::'))).toEqual([]);
    expect([...new Set([...servingOf(made).resources.values()].map(({ Type }) => Type))].sort()).toEqual([
      'AWS::CloudWatch::Alarm',
      'AWS::IAM::ManagedPolicy',
      'AWS::IAM::Policy',
      'AWS::IAM::Role',
      'AWS::Logs::LogGroup',
      'AWS::SageMaker::Endpoint',
      'AWS::SageMaker::EndpointConfig',
      'AWS::SageMaker::Model',
    ]);
  });

  test('blocks no other stack: serving depends on the data stack only, and no stack depends on serving', () => {
    const imports = (template: object): string[] => [
      ...new Set([...JSON_OF(template).matchAll(/"Fn::ImportValue":"([^:"]+):/g)].map(([, stack]) => stack!)),
    ];
    expect(imports(servingOf(made).json)).toEqual([stackNames.data(name)]);
    expect(imports(made.app.json)).toEqual([stackNames.data(name)]);
    expect(servingOf(made).json['Outputs']).toBeUndefined();
    const stacks = made.construct.node.findAll().filter((node) => node.node.id === stackNames.app(name));
    expect(stacks.flatMap((stack) => stack.node.dependencies).map(({ node }) => node.id)).not.toContain(
      stackNames.serving(name),
    );
  });

  test('leaves functions the name of the endpoint and the permission to invoke it', () => {
    expect(JSON_OF(made.app.json)).toContain(`endpoint/${endpointName(name)}`);
    expect(servingOf(made).only('AWS::SageMaker::Endpoint').Properties.EndpointName).toBe(endpointName(name));
  });
});

const Deployment = z.object({
  AutoRollbackConfiguration: z.object({
    Alarms: z.array(z.object({ AlarmName: z.object({ Ref: z.string() }) })),
  }),
});

describe.each(AWS)('an update of the endpoint of %s', (name) => {
  const serving = servingOf(synthesized(name));
  const { DeploymentConfig } = serving.only('AWS::SageMaker::Endpoint').Properties;

  test('is rolled back by the alarms on its errors, within minutes', () => {
    const { Alarms } = Deployment.parse(DeploymentConfig).AutoRollbackConfiguration;
    // Not by the alarm on its latency: large chunks are slow whatever the version.
    const onErrors = serving
      .ofType('AWS::CloudWatch::Alarm')
      .filter(([, { Properties }]) => Properties.MetricName === 'Invocation5XXErrors');
    expect(onErrors.length).toBeGreaterThan(0);
    expect(Alarms.map(({ AlarmName }) => AlarmName.Ref)).toEqual(onErrors.map(([id]) => id));
    for (const [, { Properties }] of onErrors) {
      expect(Properties.Dimensions).toContainEqual({ Name: 'EndpointName', Value: endpointName(name) });
      expect(Number(Properties.Period) * Number(Properties.EvaluationPeriods)).toBeLessThanOrEqual(300);
    }
  });
});

test('several instances are replaced one by one, a single one by its successor', () => {
  const config = (name: 'dev' | 'prod'): unknown =>
    servingOf(synthesized(name)).only('AWS::SageMaker::Endpoint').Properties.DeploymentConfig;
  expect(config('prod')).toMatchObject({
    RollingUpdatePolicy: { MaximumBatchSize: { Type: 'INSTANCE_COUNT', Value: 1 } },
  });
  expect(config('dev')).toMatchObject({
    BlueGreenUpdatePolicy: { TrafficRoutingConfiguration: { Type: 'ALL_AT_ONCE' } },
  });
});

describe('the instances', () => {
  const variant = (name: 'dev' | 'prod'): unknown =>
    servingOf(synthesized(name)).only('AWS::SageMaker::EndpointConfig').Properties.ProductionVariants;
  const environment = (name: 'dev' | 'prod'): unknown =>
    z
      .object({ Environment: z.record(z.string(), z.unknown()) })
      .parse(servingOf(synthesized(name)).only('AWS::SageMaker::Model').Properties.PrimaryContainer)
      .Environment;

  test('of prod have a driver for the CUDA of torch, and are not healthy without a GPU', () => {
    expect(variant('prod')).toEqual([
      expect.objectContaining({
        InstanceType: 'ml.g5.xlarge',
        InitialInstanceCount: 2,
        InferenceAmiVersion: 'al2023-ami-sagemaker-inference-gpu-4-1',
      }),
    ]);
    expect(environment('prod')).toMatchObject({ DUKEMM_REQUIRE_CUDA: '1' });
  });

  test('of dev have no GPU, cost a fifth, and are healthy without one', () => {
    expect(variant('dev')).toEqual([
      expect.not.objectContaining({ InferenceAmiVersion: expect.anything() as unknown }),
    ]);
    expect(variant('dev')).toEqual([
      expect.objectContaining({ InstanceType: 'ml.c7i.large', InitialInstanceCount: 1 }),
    ]);
    expect(environment('dev')).not.toHaveProperty('DUKEMM_REQUIRE_CUDA');
  });

  test.each(AWS)('of %s read the registry', (name) => {
    expect(JSON_OF(environment(name))).toContain('/registry/duke-mm"');
  });
});
