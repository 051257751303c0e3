import { Duration } from 'aws-cdk-lib';
import { Policy, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnSchedule } from 'aws-cdk-lib/aws-scheduler';
import { Construct } from 'constructs';
import { Env as NightlyEnv } from '../../lambdas/learning/nightly.env.ts';
import { Env as ReconcileEnv } from '../../lambdas/learning/reconcile.env.ts';
import { Env as StartEnv } from '../../lambdas/learning/start.env.ts';
import type { DataStack } from '../data-stack.ts';
import { deliverTo } from '../events/events.ts';
import { TypedFunction } from '../shared/typed-function.ts';
import type { FunctionDefaults } from '../shared/typed-function.ts';
import { WorkQueue } from '../shared/work-queue.ts';
import type { TrainingJobs } from './training-jobs.ts';
import type { TrainingMachine } from './training-machine.ts';

export interface TrainingTriggersProps {
  readonly defaults: FunctionDefaults;
  readonly data: DataStack;
  readonly jobs: TrainingJobs;
  readonly machine: TrainingMachine;
}

const TIMEOUT = Duration.seconds(30);

/**
 * What starts runs and what cleans up after them. Every cause is an item of the table, whose stream brings it here; the
 * night puts one down too, once a day however often the scheduler calls.
 */
export class TrainingTriggers extends Construct {
  /** Causes that could not be handled wait in its dead-letter queue. */
  readonly causes: WorkQueue;
  private readonly props: TrainingTriggersProps;

  constructor(scope: Construct, id: string, props: TrainingTriggersProps) {
    super(scope, id);
    this.props = props;
    const { defaults } = props;
    this.causes = new WorkQueue(this, 'Causes', { stage: defaults.stage, workerTimeout: TIMEOUT });
    this.causes.consumedBy(this.start(), { batchSize: 1 });

    const [hour, minute] = defaults.stage.training.nightlyAt.split(':').map(Number);
    this.schedule('EveryNight', `cron(${minute} ${hour} * * ? *)`, this.nightly());
    const reconcile = this.reconcile();
    this.schedule('EveryFiveMinutes', 'rate(5 minutes)', reconcile);
    this.onEndedExecutions(reconcile);
  }

  private start() {
    const start = this.function('start', StartEnv);
    this.props.data.table.grant(start, 'readWrite');
    this.props.machine.grantStart(start);
    return start;
  }

  private nightly() {
    const nightly = this.function('nightly', NightlyEnv);
    this.props.data.table.grant(nightly, 'readWrite');
    return nightly;
  }

  private reconcile() {
    const { data, jobs, machine } = this.props;
    const reconcile = this.function('reconcile', ReconcileEnv);
    data.table.grant(reconcile, 'readWrite');
    jobs.grant(reconcile, 'Stop', ['training', 'processing']);
    machine.grantStart(reconcile);
    machine.grantWatch(reconcile);
    // What one call misses the next one finds.
    reconcile.configureAsyncInvoke({ retryAttempts: 0, maxEventAge: Duration.minutes(5) });
    return reconcile;
  }

  /** An execution that was aborted or timed out skips its last steps. */
  private onEndedExecutions(reconcile: TypedFunction): void {
    const { defaults, machine } = this.props;
    const ended = new WorkQueue(this, 'Ended', { stage: defaults.stage, workerTimeout: TIMEOUT });
    ended.consumedBy(reconcile, { batchSize: 1 });
    deliverTo(ended, 'training-ended', undefined, {
      source: ['aws.states'],
      detailType: ['Step Functions Execution Status Change'],
      detail: { stateMachineArn: [machine.machineArn], status: ['FAILED', 'TIMED_OUT', 'ABORTED'] },
    });
  }

  private schedule(id: string, expression: string, fn: TypedFunction): void {
    const role = new Role(this, `${id}Role`, { assumedBy: new ServicePrincipal('scheduler.amazonaws.com') });
    const call = new Policy(this, `${id}May`, {
      roles: [role],
      statements: [new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [fn.functionArn] })],
    });
    const schedule = new CfnSchedule(this, id, {
      scheduleExpression: expression,
      scheduleExpressionTimezone: 'UTC',
      flexibleTimeWindow: { mode: 'OFF' },
      target: {
        arn: fn.functionArn,
        roleArn: role.roleArn,
        retryPolicy: { maximumEventAgeInSeconds: 3600, maximumRetryAttempts: 5 },
      },
    });
    schedule.node.addDependency(call);
  }

  private function<E extends typeof StartEnv | typeof NightlyEnv | typeof ReconcileEnv>(
    name: string,
    envSchema: E,
  ): TypedFunction<E> {
    return new TypedFunction<E>(this, name[0]?.toUpperCase() + name.slice(1), {
      defaults: this.props.defaults,
      capability: 'learning',
      name,
      envSchema,
      timeout: TIMEOUT,
      memory: 'worker',
    });
  }
}
