import { Duration } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { ReconcileEnv } from '../../lambdas/learning/pipeline/pipeline.env.ts';
import { NightlyEnv, StartEnv } from '../../lambdas/learning/triggers/triggers.env.ts';
import type { DataStack } from '../data-stack.ts';
import { deliverTo } from '../events/events.ts';
import { functionSchedule } from '../shared/schedule.ts';
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
 * Starts training runs and cleans up after them. Every trigger is an item of the table and arrives through the
 * stream; the nightly schedule adds one, at most once a day.
 */
export class TrainingTriggers extends Construct {
  /** Receives training triggers. */
  readonly causes: WorkQueue;
  private readonly props: TrainingTriggersProps;

  constructor(scope: Construct, id: string, props: TrainingTriggersProps) {
    super(scope, id);
    this.props = props;
    const { defaults } = props;
    this.causes = new WorkQueue(this, 'Causes', {
      stage: defaults.stage,
      workerTimeout: TIMEOUT,
      alarm: {
        severity: 'low',
        runbook: 'Training triggers are stuck',
        summary: 'A cause of a training run could not be handled: no run may start by itself',
      },
    });
    this.causes.consumedBy(this.start(), { batchSize: 1 });

    const [hour, minute] = defaults.stage.training.nightlyAt.split(':').map(Number);
    functionSchedule(this, 'EveryNight', {
      expression: `cron(${minute} ${hour} * * ? *)`,
      fn: this.nightly(),
      alarm: {
        severity: 'low',
        runbook: 'A schedule does not run',
        summary: 'A call of a schedule was given up, perhaps the nightly training run',
      },
    });
    const reconcile = this.reconcile();
    functionSchedule(this, 'EveryFiveMinutes', {
      expression: 'rate(5 minutes)',
      fn: reconcile,
      alarm: {
        severity: 'medium',
        runbook: 'A schedule does not run',
        summary:
          'A call of a schedule was given up, perhaps the reconciler of training runs: a lock may stay held',
      },
    });
    this.onEndedExecutions(reconcile);
  }

  private start() {
    const start = this.function('triggers', 'start', StartEnv);
    this.props.data.table.grant(start, 'readWrite');
    this.props.machine.grantStart(start);
    return start;
  }

  private nightly() {
    const nightly = this.function('triggers', 'nightly', NightlyEnv);
    this.props.data.table.grant(nightly, 'readWrite');
    return nightly;
  }

  private reconcile() {
    const { data, jobs, machine } = this.props;
    const reconcile = this.function('pipeline', 'reconcile', ReconcileEnv);
    data.table.grant(reconcile, 'readWrite');
    jobs.grant(reconcile, 'Stop', ['training', 'processing']);
    machine.grantStart(reconcile);
    machine.grantWatch(reconcile);
    // No retries: the next scheduled call handles what this one missed.
    reconcile.configureAsyncInvoke({ retryAttempts: 0, maxEventAge: Duration.minutes(5) });
    return reconcile;
  }

  /** Executions that were aborted or timed out skip their last steps. */
  private onEndedExecutions(reconcile: TypedFunction): void {
    const { defaults, machine } = this.props;
    const ended = new WorkQueue(this, 'Ended', {
      stage: defaults.stage,
      workerTimeout: TIMEOUT,
      alarm: {
        severity: 'low',
        runbook: 'Messages in a dead-letter queue',
        summary:
          'The end of an aborted training run was not handled; the schedule handles it within five minutes',
      },
    });
    ended.consumedBy(reconcile, { batchSize: 1 });
    deliverTo(ended, 'training-ended', undefined, {
      source: ['aws.states'],
      detailType: ['Step Functions Execution Status Change'],
      detail: { stateMachineArn: [machine.machineArn], status: ['FAILED', 'TIMED_OUT', 'ABORTED'] },
    });
  }

  private function<E extends typeof StartEnv | typeof NightlyEnv | typeof ReconcileEnv>(
    folder: string,
    name: string,
    envSchema: E,
  ): TypedFunction<E> {
    return new TypedFunction<E>(this, name[0]?.toUpperCase() + name.slice(1), {
      defaults: this.props.defaults,
      capability: 'learning',
      folder,
      name,
      envSchema,
      timeout: TIMEOUT,
      memory: 'worker',
      alarm: {
        severity: 'low',
        runbook: 'A function fails',
        summary: `The function learning/${name} ends with an error or a timeout: training runs may start or end late`,
      },
    });
  }
}
