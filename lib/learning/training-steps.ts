import { Duration } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type * as z from 'zod';
import {
  BeginEnv,
  CanaryEnv,
  ConcludeEnv,
  EvaluateEnv,
  GateEnv,
  PollEnv,
  PrepareEnv,
  PromoteEnv,
  RegisterEnv,
  TrainEnv,
  WarmEnv,
} from '../../lambdas/learning/pipeline/pipeline.env.ts';
import type { DataStack } from '../data-stack.ts';
import type { DukeEndpoint } from '../serving/duke-endpoint.ts';
import { TypedFunction } from '../shared/typed-function.ts';
import type { FunctionDefaults, NeedsEnv, TypedFunctionProps } from '../shared/typed-function.ts';
import type { StageConfig } from '../stage-config.ts';
import type { TrainingJobs } from './training-jobs.ts';

export interface TrainingMachineProps {
  readonly defaults: FunctionDefaults;
  readonly data: DataStack;
  readonly endpoint: DukeEndpoint;
  readonly jobs: TrainingJobs;
}

/** The state machine, whose last step may start the next run. */
interface Startable {
  grantStart(fn: NeedsEnv<'TRAINING_MACHINE_ARN'>): void;
}

const SECONDS = { quick: Duration.seconds(30), warm: Duration.seconds(80), long: Duration.minutes(15) };

/** Settings of the watch over a promoted version, for the functions that promote. */
export const watchSettings = ({ training: { trials } }: StageConfig) => ({
  WATCH_SECONDS: String(trials.watchSeconds),
  ...trialSettings(trials),
});

const canarySettings = ({ training: { trials } }: StageConfig) => ({
  CANARY_SECONDS: String(trials.canarySeconds),
  ...trialSettings(trials),
});

const trialSettings = ({ maxItems, soleBuyerDecides }: StageConfig['training']['trials']) => ({
  TRIAL_MAX_ITEMS: String(maxItems),
  SOLE_BUYER_DECIDES: soleBuyerDecides ? ('true' as const) : ('false' as const),
});

/** The functions of the steps of `stepfunctions/training.asl.json`, with their permissions. */
export class TrainingSteps {
  private readonly scope: Construct;
  private readonly props: TrainingMachineProps;
  private readonly machine: Startable;

  constructor(scope: Construct, props: TrainingMachineProps, machine: Startable) {
    this.scope = scope;
    this.props = props;
    this.machine = machine;
  }

  /** The functions by their placeholder in the definition, without the suffix `Function`. */
  functions() {
    const [Begin, Prepare] = [this.begin(), this.prepare()];
    const [Train, Poll, Register, Evaluate] = [this.train(), this.poll(), this.register(), this.evaluate()];
    const [Gate, Warm, Canary] = [this.gate(), this.warm(), this.canary()];
    const [Promote, Conclude] = [this.promote(), this.conclude()];
    return { Begin, Prepare, Train, Poll, Register, Evaluate, Gate, Warm, Canary, Promote, Conclude };
  }

  private begin() {
    const begin = this.step('Begin', { envSchema: BeginEnv });
    this.props.data.table.grant(begin, 'readWrite');
    return begin;
  }

  private prepare() {
    const { data, defaults } = this.props;
    const prepare = this.step('Prepare', {
      envSchema: PrepareEnv,
      environment: {
        STAGE: defaults.stage.name,
        MIN_NEW_LABELS: String(defaults.stage.training.minNewLabels),
      },
      timeout: SECONDS.long,
      // Holds the names of all files and the hashes of all contents.
      memory: 'decoder',
    });
    data.table.grant(prepare, 'readWrite');
    data.work.grant(prepare, {
      read: ['outcomes', 'compactedOutcomes', 'manifest', 'dataReservoir'],
      write: ['compactedOutcomes', 'manifest', 'dataTrain', 'dataValidation', 'dataReservoir'],
      remove: ['compactedOutcomes'],
    });
    return prepare;
  }

  private train() {
    const { data, jobs, defaults } = this.props;
    const { preset, spot } = defaults.stage.training;
    const train = this.step('Train', {
      envSchema: TrainEnv,
      environment: { PRESET: preset, SPOT: spot ? 'true' : 'false' },
    });
    data.table.grant(train, 'readWrite');
    data.work.name(train);
    jobs.grantCreate(train, 'training');
    return train;
  }

  private poll() {
    const { data, jobs } = this.props;
    const poll = this.step('Poll', { envSchema: PollEnv });
    data.table.grant(poll, 'readWrite');
    data.work.grant(poll, { read: ['trainingLog'] });
    jobs.grant(poll, 'Describe', ['training', 'processing']);
    return poll;
  }

  private register() {
    const { data, jobs } = this.props;
    const register = this.step('Register', {
      envSchema: RegisterEnv,
      timeout: SECONDS.long,
      memory: 'parser',
    });
    data.table.grant(register, 'readWrite');
    data.work.grant(register, {
      read: ['manifest', 'trainingLog', 'trained', 'report', 'recomposed', 'artifact'],
      write: ['artifact'],
    });
    jobs.grant(register, 'Describe', ['training']);
    return register;
  }

  private evaluate() {
    const { data, jobs, defaults } = this.props;
    const { revenueDecides } = defaults.stage.training;
    const evaluate = this.step('Evaluate', {
      envSchema: EvaluateEnv,
      environment: { REVENUE_DECIDES: revenueDecides ? 'true' : 'false' },
    });
    data.table.grant(evaluate, 'readWrite');
    data.work.name(evaluate);
    jobs.grantCreate(evaluate, 'processing');
    return evaluate;
  }

  private gate() {
    const { data, defaults } = this.props;
    const gate = this.step('Gate', { envSchema: GateEnv, environment: { STAGE: defaults.stage.name } });
    data.table.grant(gate, 'readWrite');
    data.work.grant(gate, { read: ['report', 'modelCard'] });
    return gate;
  }

  private warm() {
    const { data, endpoint } = this.props;
    const warm = this.step('Warm', { envSchema: WarmEnv, timeout: SECONDS.warm });
    data.table.grant(warm, 'read');
    endpoint.grantInvoke(warm);
    endpoint.grantDescribe(warm);
    return warm;
  }

  private canary() {
    const canary = this.step('Canary', {
      envSchema: CanaryEnv,
      environment: canarySettings(this.props.defaults.stage),
    });
    this.props.data.table.grant(canary, 'readWrite');
    return canary;
  }

  private promote() {
    const promote = this.step('Promote', {
      envSchema: PromoteEnv,
      environment: watchSettings(this.props.defaults.stage),
    });
    this.props.data.table.grant(promote, 'readWrite');
    return promote;
  }

  private conclude() {
    const { data, jobs } = this.props;
    const conclude = this.step('Conclude', { envSchema: ConcludeEnv });
    data.table.grant(conclude, 'readWrite');
    jobs.grant(conclude, 'Stop', ['training', 'processing']);
    this.machine.grantStart(conclude);
    return conclude;
  }

  private step<E extends z.ZodObject>(
    id: string,
    props: Pick<TypedFunctionProps<E>, 'envSchema' | 'environment'> &
      Partial<Pick<TypedFunctionProps<E>, 'timeout' | 'memory'>>,
  ): TypedFunction<E> {
    return new TypedFunction<E>(this.scope, id, {
      timeout: SECONDS.quick,
      memory: 'worker',
      ...props,
      defaults: this.props.defaults,
      capability: 'learning',
      folder: 'pipeline',
      name: id.toLowerCase(),
      alarm: {
        severity: 'low',
        runbook: 'A training run failed',
        summary: `The step ${id} of a training run ended with an error or a timeout; the state machine retries it`,
      },
    });
  }
}
