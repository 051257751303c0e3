import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { ArnFormat, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Policy, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { ManagedPolicy } from 'aws-cdk-lib/aws-iam';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { CfnStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { trainingMachineName } from '../../contracts/naming.ts';
import type { NeedsEnv, TypedFunction } from '../shared/typed-function.ts';
import type { StageConfig } from '../stage-config.ts';
import { logDeliveryPolicy } from './log-delivery.ts';
import { trainingAlarms } from './training-alarms.ts';
import { TrainingSteps } from './training-steps.ts';
import type { TrainingMachineProps } from './training-steps.ts';

const DEFINITION = fileURLToPath(new URL('../../stepfunctions/training.asl.json', import.meta.url));
const SPARE_LOOKS = 10;
/** Waits up to ten minutes for the endpoint to load a version. */
const WARMING = { WarmSeconds: '5', MostWarmings: '120' };

/** How often a run looks at its canary: until that has ended by its own clock, and a few times more. */
const canaryLooks = ({ training: { trials } }: StageConfig) => ({
  CanaryPollSeconds: String(trials.lookSeconds),
  MaxCanaryLooks: String(Math.ceil(trials.canarySeconds / trials.lookSeconds) + SPARE_LOOKS),
});

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
    const steps = new TrainingSteps(this, props, this).functions();
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
        ...canaryLooks(stage),
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
}
