import { Duration, Stack } from 'aws-cdk-lib';
import { RuleTargetInput } from 'aws-cdk-lib/aws-events';
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { NoticeSweep } from '../../contracts/events/notice-sweep.ts';
import { Env as ApiEnv } from '../../lambdas/notifications/api.env.ts';
import { Env as NotifyEnv } from '../../lambdas/notifications/notify.env.ts';
import type { DataStack } from '../data-stack.ts';
import { apiFunction } from '../shared/api-function.ts';
import { queueWorker } from '../shared/queue-worker.ts';
import { scheduledRule } from '../shared/schedule.ts';
import type { FunctionDefaults, TypedFunction } from '../shared/typed-function.ts';
import type { WorkQueue } from '../shared/work-queue.ts';
import type { StageConfig } from '../stage-config.ts';

export interface NotificationsProps {
  readonly defaults: FunctionDefaults;
  readonly data: DataStack;
}

type Mail = NonNullable<StageConfig['mail']>;

/** E-mails to agents and buyers. A stage without a sender address has the settings only, which say so. */
export class Notifications extends Construct {
  readonly api: TypedFunction<typeof ApiEnv>;
  /** Queues of the events that cause e-mails; none where none are sent. */
  readonly consumers: readonly { readonly queue: WorkQueue }[];
  private readonly props: NotificationsProps;

  constructor(scope: Construct, id: string, props: NotificationsProps) {
    super(scope, id);
    this.props = props;
    const { defaults, data } = props;
    const { mail } = defaults.stage;
    this.api = apiFunction(this, {
      defaults,
      capability: 'notifications',
      envSchema: ApiEnv,
      ...(mail && { environment: { MAIL_FROM: mail.from } }),
    });
    data.table.grant(this.api, 'readWrite');
    data.users.grantVerify(this.api);
    this.consumers = mail ? [{ queue: this.sending(mail) }] : [];
  }

  private sending(mail: Mail): WorkQueue {
    const { defaults, data } = this.props;
    const { stage } = defaults;
    const { worker, queue } = queueWorker(this, {
      ids: { worker: 'Notify', queue: 'Notices' },
      defaults,
      capability: 'notifications',
      name: 'notify',
      envSchema: NotifyEnv,
      environment: {
        MAIL_FROM: mail.from,
        WEB_URL: mail.webUrl,
        ...(stage.name === 'local' && { AWS_ENDPOINT_URL_SESV2: stage.mailUrl }),
      },
      timeout: Duration.minutes(1),
      memory: 'worker',
      consumption: { batchSize: 1, maxConcurrency: 2 },
      severity: 'low',
      summaries: {
        failed: 'The worker that sends e-mails ends with an error or a timeout: they come late',
        givenUp: 'An e-mail was not sent, after several attempts',
      },
    });
    data.table.grant(worker, 'readWrite', ['due']);
    this.allowSending(worker, mail);
    scheduledRule(this, 'EveryMinute', {
      minutes: 1,
      alarm: {
        severity: 'low',
        runbook: 'A schedule does not run',
        summary: 'Notices that wait for their time are not sent',
      },
      targets: [
        new SqsQueue(queue.queue, {
          message: RuleTargetInput.fromObject({ 'detail-type': 'notices.due' } satisfies NoticeSweep),
          deadLetterQueue: queue.deadLetters,
          retryAttempts: 0,
          maxEventAge: Duration.minutes(1),
        }),
      ],
    });
    return queue;
  }

  /** From this address only, whether the address or its domain is the verified identity. */
  private allowSending(worker: TypedFunction<typeof NotifyEnv>, { from }: Mail): void {
    const { partition, region, account } = Stack.of(this);
    const identities = [from, from.slice(from.indexOf('@') + 1)];
    worker.allow(
      new PolicyStatement({
        actions: ['ses:SendEmail'],
        resources: identities.map((name) => `arn:${partition}:ses:${region}:${account}:identity/${name}`),
        conditions: { StringEquals: { 'ses:FromAddress': from } },
      }),
    );
  }
}
