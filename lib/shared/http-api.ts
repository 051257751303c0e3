import { CfnOutput, RemovalPolicy } from 'aws-cdk-lib';
import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import { HttpApi, HttpMethod, HttpStage, LogGroupLogDestination } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { BASE_PATH } from '../../contracts/api/operation.ts';
import { operationsOf } from '../../contracts/api/routes.ts';
import type { Capability } from '../../contracts/api/operation.ts';
import type { StageConfig } from '../stage-config.ts';
import { alarm, ALARM_PERIOD } from './alarm.ts';
import type { AlarmText } from './alarm.ts';
import type { NeedsEnv } from './typed-function.ts';

export interface MarketplaceApiProps {
  readonly stage: StageConfig;
  /** One function per capability of the contract. */
  readonly functions: Readonly<Record<Capability, IFunction & NeedsEnv<'ORIGIN_SECRET'>>>;
  /** Without it, requests past the edge are rejected. None on the local stage. */
  readonly originSecret: ISecret | undefined;
  /** Fires when the API answers several requests with 5xx within five minutes. */
  readonly alarm: AlarmText;
}

/** Above the number of 5xx that a deployment may cause. */
const SERVER_ERRORS = 5;

/** Ids and numbers only: no query string (it may contain a search), headers or body. */
const ACCESS_LOG = AccessLogFormat.custom(
  JSON.stringify({
    request_id: '$context.requestId',
    at: '$context.requestTime',
    ip: '$context.identity.sourceIp',
    route: '$context.routeKey',
    status: '$context.status',
    response_bytes: '$context.responseLength',
    latency_ms: '$context.responseLatency',
    integration_ms: '$context.integrationLatency',
    integration_error: '$context.integrationErrorMessage',
  }),
);

/**
 * The HTTP API: the routes of the contract, each integrated with the function of its capability. All other requests go to
 * insight, which answers 404 or 405 as problem+json. Functions verify the tokens (docs/adr/0006).
 */
export class MarketplaceApi extends Construct {
  readonly api: HttpApi;

  constructor(scope: Construct, id: string, props: MarketplaceApiProps) {
    super(scope, id);
    const { stage, functions, originSecret } = props;
    if (originSecret)
      for (const fn of Object.values(functions))
        fn.set({ ORIGIN_SECRET: originSecret.secretValue.unsafeUnwrap() });
    const integration = (capability: Capability) =>
      new HttpLambdaIntegration(`Call-${capability}`, functions[capability], {
        // One permission per function, not per route: the policy of a function is limited to 20 KB.
        scopePermissionToRoute: false,
      });
    const integrations = {
      identity: integration('identity'),
      files: integration('files'),
      previews: integration('previews'),
      tasks: integration('tasks'),
      wallet: integration('wallet'),
      agents: integration('agents'),
      work: integration('work'),
      quotes: integration('quotes'),
      verdicts: integration('verdicts'),
      notifications: integration('notifications'),
      learning: integration('learning'),
      live: integration('live'),
      admin: integration('admin'),
      insight: integration('insight'),
    } satisfies Record<Capability, HttpLambdaIntegration>;

    this.api = new HttpApi(this, 'Api', {
      apiName: `dukenet-${stage.name}`,
      createDefaultStage: false,
      defaultIntegration: integrations.insight,
    });
    const routes = Object.entries(integrations).flatMap(([capability, target]) =>
      operationsOf(capability as Capability).flatMap((operation) =>
        this.api.addRoutes({
          path: `${BASE_PATH}${operation.path}`,
          methods: [HttpMethod[operation.method]],
          integration: target,
        }),
      ),
    );
    alarm(this, 'ServerErrorsAlarm', {
      ...props.alarm,
      metric: this.api.metricServerError({ statistic: 'Sum', period: ALARM_PERIOD }),
      threshold: SERVER_ERRORS,
    });
    const gatewayStage = this.addStage(stage);
    // Settings of a route that does not exist yet fail the deployment.
    gatewayStage.node.addDependency(...routes);
  }

  private addStage(stage: StageConfig): HttpStage {
    const accessLog = new LogGroup(this, 'AccessLog', {
      retention: stage.logRetentionDays,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const gatewayStage = new HttpStage(this, 'Stage', {
      httpApi: this.api,
      stageName: '$default',
      autoDeploy: true,
      throttle: { rateLimit: stage.throttle.rate, burstLimit: stage.throttle.burst },
      detailedMetricsEnabled: true,
      accessLogSettings: { destination: new LogGroupLogDestination(accessLog), format: ACCESS_LOG },
    });
    return gatewayStage;
  }

  /** Outputs of the stack that the local platform and the scripts read. */
  announce(scope: Construct): void {
    new CfnOutput(scope, 'ApiId', { value: this.api.apiId });
    new CfnOutput(scope, 'ApiUrl', { value: this.api.apiEndpoint });
  }
}
