import { CfnOutput, Stack } from 'aws-cdk-lib';
import type { ManagedPolicy } from 'aws-cdk-lib/aws-iam';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import { Admin } from './admin/admin.ts';
import { Agents } from './agents/agents.ts';
import { DUKE_MM_ID } from '../contracts/duke-mm.ts';
import type { DataStack } from './data-stack.ts';
import { Events } from './events/events.ts';
import { Files } from './files/files.ts';
import { Identity } from './identity/identity.ts';
import { Insight } from './insight/insight.ts';
import { Learning } from './learning/learning.ts';
import { Live } from './live/live.ts';
import { Notifications } from './notifications/notifications.ts';
import { DukeContainer } from './serving/duke-container.ts';
import { DukeEndpoint } from './serving/duke-endpoint.ts';
import { MarketplaceApi } from './shared/http-api.ts';
import { WorkQueue } from './shared/work-queue.ts';
import { tracingPolicy } from './shared/typed-function.ts';
import { environmentOf } from './stage-config.ts';
import type { StageConfig } from './stage-config.ts';
import { Tasks } from './tasks/tasks.ts';
import { Wallet } from './wallet/wallet.ts';

/**
 * Everything without state, which can be deleted and created again: functions, queues, routes. The model's endpoint is a
 * stack of its own, known by name only: without it tasks wait, and nothing here fails.
 */
export class AppStack extends Stack {
  readonly tracing: ManagedPolicy;
  readonly events: Events;
  readonly tasks: Tasks;
  readonly marketplace: MarketplaceApi;
  readonly learning: Learning;
  readonly live: Live;
  /** Sent along by the edge. Undefined on the local stage, whose edge is on the same machine. */
  readonly originSecret: Secret | undefined;
  /** The image for training jobs. Undefined on the local stage, where jobs are processes. */
  readonly container: DukeContainer | undefined;

  constructor(scope: Construct, id: string, { stage, data }: { stage: StageConfig; data: DataStack }) {
    super(scope, id, {
      ...environmentOf(stage),
      description: `DukeNET ${stage.name}: API, functions and queues, without state`,
    });
    this.tracing = tracingPolicy(this);
    const defaults = { stage, tracing: this.tracing };

    this.events = new Events(this, 'Events', { defaults, table: data.table });
    const endpoint = new DukeEndpoint(this, 'DukeMM', { stage });
    const shared = { defaults, data, endpoint };

    const identity = new Identity(this, 'Identity', shared);
    const files = new Files(this, 'Files', shared);
    this.tasks = new Tasks(this, 'Tasks', shared);
    const { tasks } = this;
    const wallet = new Wallet(this, 'Wallet', shared);
    const insight = new Insight(this, 'Insight', shared);
    this.container = stage.name === 'local' ? undefined : new DukeContainer(this, 'Container', { stage });
    this.learning = new Learning(this, 'Learning', { ...shared, container: this.container });
    const agents = new Agents(this, 'Agents', shared);
    const admin = new Admin(this, 'Admin', shared);
    this.live = new Live(this, 'Live', shared);
    const notifications = new Notifications(this, 'Notifications', shared);
    const liveQueue = [{ queue: this.live.news }] as const;

    admin.watch(this.node.findAll().filter((construct) => construct instanceof WorkQueue));

    this.events.subscribe({
      'task.created': [{ queue: tasks.created }],
      'task.chunks_done': [{ queue: tasks.done }],
      'task.updated': [...liveQueue, { queue: admin.counted }],
      'agent.assigned': [...liveQueue, ...notifications.consumers],
      'result.created': [
        ...liveQueue,
        ...notifications.consumers,
        { queue: this.learning.shadowed, only: { agent_id: DUKE_MM_ID } },
      ],
      'wallet.updated': liveQueue,
      'result.judged': [
        { queue: this.learning.judged },
        { queue: agents.judged },
        { queue: this.learning.shadowed },
      ],
      'task.training_withdrawn': [{ queue: this.learning.judged }],
      'agent.account_changed': [{ queue: tasks.accountChanged }],
      'training.triggered': [{ queue: this.learning.causes }],
      'model.run.updated': liveQueue,
    });

    this.originSecret =
      stage.name === 'local'
        ? undefined
        : new Secret(this, 'OriginSecret', {
            description: 'Proves to functions that a request came through CloudFront',
            generateSecretString: { excludePunctuation: true, passwordLength: 48 },
          });
    this.marketplace = new MarketplaceApi(this, 'Http', {
      stage,
      originSecret: this.originSecret,
      functions: {
        identity: identity.api,
        files: files.api,
        previews: files.previews,
        tasks: tasks.api,
        wallet: wallet.api,
        agents: agents.api,
        work: tasks.work,
        quotes: tasks.quotes,
        verdicts: tasks.verdicts,
        notifications: notifications.api,
        learning: this.learning.api,
        live: this.live.api,
        admin: admin.api,
        insight: insight.api,
      },
      alarm: {
        severity: 'high',
        runbook: 'The API answers with server errors',
        summary: 'Requests to the API are answered with 5xx',
      },
    });
    this.marketplace.announce(this);
    new CfnOutput(this, 'LiveApiId', { value: this.live.socket.apiId });
  }
}
