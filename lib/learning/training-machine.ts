import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { ArnFormat, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Policy, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { ManagedPolicy } from 'aws-cdk-lib/aws-iam';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { CfnStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import type * as z from 'zod';
import { trainingMachineName } from '../../contracts/naming.ts';
import {
  BeginEnv,
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
import { logDeliveryPolicy } from './log-delivery.ts';
import { trainingAlarms } from './training-alarms.ts';
import type { TrainingJobs } from './training-jobs.ts';

export interface TrainingMachineProps {
  readonly defaults: FunctionDefaults;
  readonly data: DataStack;
  readonly endpoint: DukeEndpoint;
  readonly jobs: TrainingJobs;
}

const DEFINITION = fileURLToPath(new URL('../../stepfunctions/training.asl.json', import.meta.url));
const SECONDS = { quick: Duration.seconds(30), warm: Duration.seconds(80), long: Duration.minutes(15) };
/** Waits up to ten minutes for the endpoint to load a version. */
const WARMING = { WarmSeconds: '5', MostWarmings: '120' };

/** The state machine of `stepfunctions/training.asl.json` with a function for each of its steps. */
export class TrainingMachine extends Construct {
  readonly machineArn: string;
  /** Permission to write the execution log, which supports no resource-level permissions. */
  readonly logDelivery: ManagedPolicy;
  private readonly props: TrainingMachineProps;

  constructor(scope: Construct, id: string, props: TrainingMachineProps) {
    super(scope, id);
    this.props = props;
    const { stage } = props.defaults;
    const name = trainingMachineName(stage.name);
    // Built from the name to break a cycle: the last step starts the next run, so it needs the ARN of the machine
    // that refers to it.
    this.machineArn = Stack.of(this).formatArn({
      service: 'states',
      resource: 'stateMachine',
      resourceName: name,
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
    const steps = this.steps();
    this.logDelivery = logDeliveryPolicy(this);
    const { role, invoke } = this.roleThatMayInvoke(Object.values(steps));
    const log = new LogGroup(this, 'Log', {
      logGroupName: `/aws/vendedlogs/states/${name}`,
      retention: stage.logRetentionDays,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const machine = new CfnStateMachine(this, 'Machine', {
      stateMachineName: name,
      stateMachineType: 'STANDARD',
      roleArn: role.roleArn,
      definitionString: readFileSync(DEFINITION, 'utf8'),
      definitionSubstitutions: {
        ...Object.fromEntries(Object.entries(steps).map(([step, fn]) => [`${step}Function`, fn.functionArn])),
        PollSeconds: String(stage.training.pollSeconds),
        ...WARMING,
      },
      loggingConfiguration: {
        level: 'ALL',
        includeExecutionData: true,
        destinations: [{ cloudWatchLogsLogGroup: { logGroupArn: log.logGroupArn } }],
      },
      tracingConfiguration: { enabled: true },
    });
    machine.node.addDependency(invoke);
    trainingAlarms(this, { stage: stage.name, machineArn: this.machineArn });
  }

  private roleThatMayInvoke(functions: readonly TypedFunction[]): { role: Role; invoke: Policy } {
    const role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('states.amazonaws.com'),
      managedPolicies: [this.props.defaults.tracing, this.logDelivery],
    });
    const resources = functions.map(({ functionArn }) => functionArn);
    const statements = [new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources })];
    return { role, invoke: new Policy(this, 'Invoke', { roles: [role], statements }) };
  }

  /** Lets a function start runs. */
  grantStart(fn: NeedsEnv<'TRAINING_MACHINE_ARN'>): void {
    fn.set({ TRAINING_MACHINE_ARN: this.machineArn });
    fn.allow(new PolicyStatement({ actions: ['states:StartExecution'], resources: [this.machineArn] }));
  }

  /** Lets a function describe and stop executions. */
  grantWatch(fn: NeedsEnv<'TRAINING_MACHINE_ARN'>): void {
    const executions = Stack.of(this).formatArn({
      service: 'states',
      resource: 'execution',
      resourceName: `${trainingMachineName(this.props.defaults.stage.name)}:????????-????-????-????-????????????`,
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
    fn.allow(
      new PolicyStatement({
        actions: ['states:DescribeExecution', 'states:StopExecution'],
        resources: [executions],
      }),
    );
  }

  /** The functions by their placeholder in the definition, without the suffix `Function`. */
  private steps() {
    const [Begin, Prepare] = [this.begin(), this.prepare()];
    const [Train, Poll, Register, Evaluate] = [this.train(), this.poll(), this.register(), this.evaluate()];
    const [Gate, Warm, Promote, Conclude] = [this.gate(), this.warm(), this.promote(), this.conclude()];
    return { Begin, Prepare, Train, Poll, Register, Evaluate, Gate, Warm, Promote, Conclude };
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
      memory: 'parser',
    });
    data.table.grant(prepare, 'readWrite');
    data.work.grant(prepare, {
      read: ['outcomes', 'manifest', 'dataReservoir'],
      write: ['manifest', 'dataTrain', 'dataValidation', 'dataReservoir'],
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
    const { data, jobs } = this.props;
    const evaluate = this.step('Evaluate', { envSchema: EvaluateEnv });
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

  private promote() {
    const promote = this.step('Promote', { envSchema: PromoteEnv });
    this.props.data.table.grant(promote, 'readWrite');
    return promote;
  }

  private conclude() {
    const { data, jobs } = this.props;
    const conclude = this.step('Conclude', { envSchema: ConcludeEnv });
    data.table.grant(conclude, 'readWrite');
    jobs.grant(conclude, 'Stop', ['training', 'processing']);
    this.grantStart(conclude);
    return conclude;
  }

  private step<E extends z.ZodObject>(
    id: string,
    props: Pick<TypedFunctionProps<E>, 'envSchema' | 'environment'> &
      Partial<Pick<TypedFunctionProps<E>, 'timeout' | 'memory'>>,
  ): TypedFunction<E> {
    return new TypedFunction<E>(this, id, {
      timeout: SECONDS.quick,
      memory: 'worker',
      ...props,
      defaults: this.props.defaults,
      capability: 'learning',
      room: 'pipeline',
      name: id.toLowerCase(),
      alarm: {
        severity: 'low',
        runbook: 'A training run failed',
        summary: `The step ${id} of a training run ended with an error or a timeout; the state machine retries it`,
      },
    });
  }
}
