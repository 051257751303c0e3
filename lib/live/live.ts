import { Duration, Stack } from 'aws-cdk-lib';
import { WebSocketApi, WebSocketStage } from 'aws-cdk-lib/aws-apigatewayv2';
import { WebSocketLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { Env as ApiEnv } from '../../lambdas/live/api.env.ts';
import { Env as ConnectEnv } from '../../lambdas/live/connect.env.ts';
import { Env as DisconnectEnv } from '../../lambdas/live/disconnect.env.ts';
import { Env as PushEnv } from '../../lambdas/live/push.env.ts';
import type { DataStack } from '../data-stack.ts';
import type { StageConfig } from '../stage-config.ts';
import { API_TIMEOUT, apiFunction } from '../shared/api-function.ts';
import { queueWorker } from '../shared/queue-worker.ts';
import { TypedFunction } from '../shared/typed-function.ts';
import type { FunctionDefaults, NeedsEnv } from '../shared/typed-function.ts';
import type { WorkQueue } from '../shared/work-queue.ts';

export interface LiveProps {
  readonly defaults: FunctionDefaults;
  readonly data: DataStack;
}

const STAGE = 'live';
/** New connections per second over all clients. */
const CONNECT_THROTTLE = { rateLimit: 500, burstLimit: 1000 };

/** Live events: numbered per user, listed by the API, and sent over WebSockets. */
export class Live extends Construct {
  readonly api: TypedFunction<typeof ApiEnv>;
  readonly socket: WebSocketApi;
  readonly socketStage: WebSocketStage;
  readonly push: TypedFunction<typeof PushEnv>;
  readonly connect: TypedFunction<typeof ConnectEnv>;
  /** Receives the events to push. */
  readonly news: WorkQueue;
  private readonly props: LiveProps;

  constructor(scope: Construct, id: string, props: LiveProps) {
    super(scope, id);
    this.props = props;
    const { defaults, data } = props;
    const { stage } = defaults;

    this.connect = this.route(
      'connect',
      ConnectEnv,
      'Connecting ends with an error or a timeout: pages poll instead',
    );
    const disconnect = this.route(
      'disconnect',
      DisconnectEnv,
      'Disconnecting ends with an error or a timeout: records of closed connections stay until they expire',
    );
    const push = queueWorker(this, {
      ids: { worker: 'Push', queue: 'News' },
      defaults,
      capability: 'live',
      name: 'push',
      envSchema: PushEnv,
      timeout: Duration.seconds(30),
      memory: 'worker',
      consumption: { batchSize: 10 },
      severity: 'medium',
      summaries: {
        failed: 'Sending events ends with an error or a timeout: pages show them late',
        givenUp: 'An event was not pushed to its readers: their pages show it when they poll',
      },
    });
    this.push = push.worker;
    this.news = push.queue;
    this.socket = new WebSocketApi(this, 'Socket', {
      apiName: `dukenet-${stage.name}-live`,
      connectRouteOptions: { integration: new WebSocketLambdaIntegration('Connect', this.connect) },
      disconnectRouteOptions: { integration: new WebSocketLambdaIntegration('Disconnect', disconnect) },
    });
    this.socketStage = new WebSocketStage(this, 'Stage', {
      webSocketApi: this.socket,
      stageName: STAGE,
      autoDeploy: true,
      throttle: CONNECT_THROTTLE,
    });
    this.grantConnections(this.connect, ['DELETE']);
    this.grantConnections(this.push, ['POST', 'DELETE']);
    data.table.grant(disconnect, 'readWrite');
    data.table.grant(this.connect, 'readWrite');
    data.table.grant(this.push, 'readWrite', ['all']);

    this.api = apiFunction(this, {
      defaults,
      capability: 'live',
      envSchema: ApiEnv,
      environment: { LIVE_URL: liveUrl(stage) ?? this.socketStage.url },
    });
    data.table.grant(this.api, 'readWrite');
    data.users.grantVerify(this.api);
  }

  /** The function of a route of the WebSocket API. */
  private route<E extends typeof ConnectEnv | typeof DisconnectEnv>(
    name: 'connect' | 'disconnect',
    envSchema: E,
    summary: string,
  ): TypedFunction<E> {
    return new TypedFunction<E>(this, { connect: 'Connect', disconnect: 'Disconnect' }[name], {
      defaults: this.props.defaults,
      capability: 'live',
      name,
      envSchema,
      timeout: API_TIMEOUT,
      memory: 'api',
      alarm: { severity: 'medium', runbook: 'A function fails', summary },
    });
  }

  /** Lets a function send to connections (POST) or close them (DELETE). API Gateway chooses connection ids. */
  private grantConnections(fn: NeedsEnv<'CONNECTIONS_URL'>, methods: readonly ('POST' | 'DELETE')[]): void {
    const { stage } = this.props.defaults;
    const { partition, region, account, urlSuffix } = Stack.of(this);
    const { apiId } = this.socket;
    fn.set({
      CONNECTIONS_URL:
        stage.name === 'local'
          ? `${stage.awsUrl}/_aws/execute-api/${apiId}/${STAGE}`
          : `https://${apiId}.execute-api.${region}.${urlSuffix}/${STAGE}`,
    });
    fn.allow(
      new PolicyStatement({
        actions: ['execute-api:ManageConnections'],
        resources: methods.map(
          (method) =>
            `arn:${partition}:execute-api:${region}:${account}:${apiId}/${STAGE}/${method}/@connections/*`,
        ),
      }),
    );
  }
}

/** The address of the WebSocket behind the edge, where its name is known. */
function liveUrl(stage: StageConfig): string | undefined {
  if (stage.name === 'local') return stage.liveUrl;
  return stage.domain && `wss://${stage.domain.name}/${STAGE}`;
}
