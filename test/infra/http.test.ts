import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { routeKey } from '../../contracts/api/operation.ts';
import type { Capability, Operation } from '../../contracts/api/operation.ts';
import { allOperations } from '../../contracts/api/routes.ts';
import { functionsOf, synthesized, target } from './synth.ts';

const made = synthesized('dev');
const { app, stage } = made;
const functions = [...functionsOf(made)];

/** Which function the integration of a route calls. */
function answering(route: unknown): string {
  const { 'Fn::Join': parts } = z
    .object({ 'Fn::Join': z.tuple([z.string(), z.array(z.unknown())]) })
    .parse(route);
  const integration = app.get(target(parts[1].find((part) => typeof part === 'object')));
  expect(integration.Properties.PayloadFormatVersion).toBe('2.0');
  const id = target(integration.Properties.IntegrationUri);
  return functions.find(([, f]) => f.id === id)?.[0] ?? `not a function: ${id}`;
}

const httpApi = app
  .ofType('AWS::ApiGatewayV2::Api')
  .find(([, { Properties }]) => Properties.ProtocolType === 'HTTP')![0];
/** Resources of the HTTP API; the WebSocket API has its own. */
const ofHttpApi = (type: string) =>
  app.ofType(type).filter(([, { Properties }]) => target(Properties.ApiId) === httpApi);
const stageProperties = () => ofHttpApi('AWS::ApiGatewayV2::Stage')[0]![1].Properties;

const routes = new Map(
  ofHttpApi('AWS::ApiGatewayV2::Route').map(([, { Properties }]) => [
    z.string().parse(Properties.RouteKey),
    answering(Properties.Target),
  ]),
);

describe('the HTTP API', () => {
  test('has exactly the routes of the contract, each answered by its capability', () => {
    // Previews, agents at work, quotes and verdicts have functions of their own beside those of files and tasks.
    const own: Partial<Record<Capability, string>> = {
      previews: 'files/preview',
      work: 'tasks/work',
      quotes: 'tasks/quote',
      verdicts: 'tasks/judge',
    };
    const functionOf = ({ capability }: Operation): string => own[capability] ?? `${capability}/api`;
    const wanted = allOperations.map((op): [string, string] => [routeKey(op), functionOf(op)]);
    expect(routes).toEqual(new Map([...wanted, ['$default', 'insight/api']]));
  });

  test('throttles all callers together by one rate; functions limit each caller', () => {
    const { DefaultRouteSettings, RouteSettings } = stageProperties();
    expect(DefaultRouteSettings).toMatchObject({
      ThrottlingRateLimit: stage.throttle.rate,
      ThrottlingBurstLimit: stage.throttle.burst,
    });
    expect(RouteSettings).toBeUndefined();
  });

  test('creates its stage after its routes', () => {
    const [[, gatewayStage] = []] = ofHttpApi('AWS::ApiGatewayV2::Stage');
    const ids = ofHttpApi('AWS::ApiGatewayV2::Route').map(([id]) => id);
    const missing = ids.filter((id) => !gatewayStage?.DependsOn?.includes(id));
    expect(missing.map((id) => app.get(id).Properties.RouteKey)).toEqual(['$default']);
  });

  test('logs every request without user content', () => {
    const { AccessLogSettings } = stageProperties();
    const { Format } = z.object({ Format: z.string() }).parse(AccessLogSettings);
    expect(Format).toContain('$context.requestId');
    expect(Format).not.toMatch(/authorizer|querystring|path"|header/i);
  });

  test('is the only caller allowed to invoke its functions', () => {
    const permissions = app
      .ofType('AWS::Lambda::Permission')
      .filter(([, { Properties }]) => Properties.Principal === 'apigateway.amazonaws.com');
    expect(permissions).toHaveLength(16);
    for (const [, { Properties }] of permissions) expect(Properties.SourceArn).toBeDefined();
  });
});

describe('the WebSocket API', () => {
  test('has a function for connect and disconnect, and accepts no messages', () => {
    const own = app
      .ofType('AWS::ApiGatewayV2::Route')
      .filter(([, { Properties }]) => target(Properties.ApiId) !== httpApi)
      .map(([, { Properties }]) => Properties.RouteKey);
    expect(own.map(String).sort()).toEqual(['$connect', '$disconnect']);
  });
});
