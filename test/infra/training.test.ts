import { readFileSync } from 'node:fs';
import validate from 'asl-validator';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { UNUSABLE_METRIC } from '../../contracts/learning/unusable-metric.ts';
import { MAX_UNUSABLE_PERCENT } from '../../lib/learning/training-alarms.ts';
import { LOCK_MS } from '../../lambdas/learning/triggers/request-run.ts';
import { functionsOf, identityStatements, permissionsOf, synthesized, target } from './synth.ts';

const FILE = new URL('../../stepfunctions/training.asl.json', import.meta.url);
const source = readFileSync(FILE, 'utf8');

const State = z.looseObject({
  Type: z.string(),
  Next: z.string().optional(),
  Resource: z.string().optional(),
  Retry: z.array(z.object({ MaxAttempts: z.number() }).loose()).optional(),
  Catch: z.array(z.object({ ErrorEquals: z.array(z.string()), Next: z.string() }).loose()).optional(),
});
const Definition = z.object({
  QueryLanguage: z.literal('JSONata'),
  TimeoutSeconds: z.number(),
  States: z.record(z.string(), State),
});
const definition = Definition.parse(JSON.parse(source));

describe.each(['local', 'dev', 'prod'] as const)('the state machine of %s', (name) => {
  const made = synthesized(name);
  const { DefinitionString, DefinitionSubstitutions } = z
    .object({ DefinitionString: z.string(), DefinitionSubstitutions: z.record(z.string(), z.unknown()) })
    .loose()
    .parse(made.app.only('AWS::StepFunctions::StateMachine').Properties);

  test('is the checked-in file with all its placeholders filled in', () => {
    expect(DefinitionString).toBe(source);
    const asked = new Set([...source.matchAll(/\$\{(\w+)\}/g)].map(([, variable]) => variable));
    expect(new Set(Object.keys(DefinitionSubstitutions))).toEqual(asked);
  });

  test('is valid for asl-validator', () => {
    const text = Object.entries(DefinitionSubstitutions).reduce(
      (all, [variable, value]) =>
        all.replaceAll(
          `\${${variable}}`,
          typeof value === 'string' ? value : `arn:aws:lambda:eu-central-1:000000000000:function:${variable}`,
        ),
      source,
    );
    expect(validate(JSON.parse(text) as object)).toMatchObject({ isValid: true, errors: [] });
  });

  test('calls each of its functions, and its role allows no others', () => {
    const functions = functionsOf(made);
    const steps = Object.entries(DefinitionSubstitutions)
      .filter(([variable]) => variable.endsWith('Function'))
      .map(([, arn]) => target(arn));
    const allowed = identityStatements(made)
      .filter(([holder]) => holder.startsWith('LearningMachineRole'))
      .flatMap(([, { actions, resources }]) => (actions.includes('lambda:InvokeFunction') ? resources : []));
    expect(allowed.map((arn) => target(JSON.parse(arn))).sort()).toEqual([...steps].sort());
    expect(steps.every((id) => [...functions.values()].some((fn) => fn.id === id))).toBe(true);
  });

  test('polls a job seldom enough for a run of 44 hours', () => {
    const seconds = Number(DefinitionSubstitutions.PollSeconds);
    // Nine events a look, of 25,000; a job takes twelve hours at most, and half a day more to find spare capacity.
    const { maxMinutes, spot } = made.stage.training;
    if (made.stage.name !== 'local') {
      const looks = ((maxMinutes + (spot ? 720 : 0)) * 60) / seconds;
      expect(9 * looks).toBeLessThan(20_000);
      // The evaluation and the canary have the rest.
      expect(9 * Number(DefinitionSubstitutions.MaxCanaryLooks)).toBeLessThan(1_000);
    }
  });
});

describe('the file of the state machine', () => {
  const tasks = Object.entries(definition.States).filter(([, { Type }]) => Type === 'Task');

  test('retries every step and records final failures', () => {
    for (const [state, { Retry, Catch }] of tasks) {
      expect([state, Retry?.[0]?.MaxAttempts]).toEqual([state, 3]);
      expect([state, Catch?.[0]?.ErrorEquals, Catch?.[0]?.Next]).toEqual([
        state,
        ['States.ALL'],
        state === 'RecordFailure' ? 'Failed' : 'RecordFailure',
      ]);
    }
  });

  test('times out before its lock expires', () => {
    expect(definition.TimeoutSeconds * 1000).toBeLessThan(LOCK_MS);
  });
});

describe('jobs', () => {
  const dev = synthesized('dev');
  const statements = (role: string) =>
    identityStatements(dev)
      .filter(([holder]) => holder.startsWith(role))
      .map(([, statement]) => statement);
  const written = (role: string) =>
    statements(role)
      .filter(({ actions }) => actions.includes('s3:PutObject'))
      .flatMap(({ resources }) => resources)
      .join(' ');

  test('are created with the role of their kind, by one step each', () => {
    const permissions = permissionsOf(dev);
    const who = (action: string) =>
      [...permissions]
        .filter(([, all]) => all.some(({ actions }) => actions.includes(action)))
        .map(([n]) => n);
    expect(who('sagemaker:CreateTrainingJob')).toEqual(['learning/train']);
    expect(who('sagemaker:CreateProcessingJob')).toEqual(['learning/evaluate']);
    expect(who('iam:PassRole').sort()).toEqual(['learning/evaluate', 'learning/train']);
    expect(who('states:StartExecution').sort()).toEqual([
      'learning/api',
      'learning/conclude',
      'learning/reconcile',
      'learning/start',
    ]);
  });

  test('of training cannot write evaluations, those of evaluation nothing else, and neither the registry', () => {
    expect(written('LearningJobsTrainer')).toContain('/trained/');
    expect(written('LearningJobsTrainer')).not.toContain('/evaluation/');
    expect(written('LearningJobsEvaluator')).toContain('/evaluation/metrics.json');
    expect(written('LearningJobsEvaluator')).toContain('/evaluation/model.tar.gz');
    expect(written('LearningJobsEvaluator')).not.toMatch(/trained|checkpoints/);
    expect(written('LearningJobs')).not.toContain('registry');
  });

  test('use spot capacity on AWS and the key of the bucket', () => {
    const { resource } = functionsOf(dev).get('learning/train') ?? {};
    const { Variables } = z
      .object({ Variables: z.record(z.string(), z.unknown()) })
      .parse(resource?.Properties.Environment);
    expect(Variables).toMatchObject({ SPOT: 'true', JOB_INSTANCE_TYPE: 'ml.g4dn.xlarge' });
    expect(JSON.stringify(Variables.JOB_KEY_ARN)).toContain('Key');
  });
});

describe('schedules', () => {
  const schedules = synthesized('dev')
    .app.ofType('AWS::Scheduler::Schedule')
    .map(([, { Properties }]) => Properties);

  test('start the nightly run and the reconciler', () => {
    expect(schedules.map((schedule) => schedule.ScheduleExpression).sort()).toEqual([
      'cron(30 2 * * ? *)',
      'rate(5 minutes)',
    ]);
    for (const schedule of schedules) expect(schedule.ScheduleExpressionTimezone).toBe('UTC');
  });
});

describe('alarms', () => {
  const alarms = synthesized('prod').app.ofType('AWS::CloudWatch::Alarm');

  test('watch the unusable share of a run’s data in their own stage', () => {
    const watching = alarms.filter(
      ([, { Properties }]) => Properties?.['MetricName'] === UNUSABLE_METRIC.name,
    );
    const dimensions = Object.entries(UNUSABLE_METRIC.dimensions('prod'));
    expect(watching.map(([, { Properties }]) => Properties)).toEqual([
      expect.objectContaining({
        Namespace: UNUSABLE_METRIC.namespace,
        Dimensions: dimensions.map(([Name, Value]) => ({ Name, Value })),
        Threshold: MAX_UNUSABLE_PERCENT,
        Statistic: 'Maximum',
        TreatMissingData: 'notBreaching',
      }),
    ]);
  });
});
