import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { allHandlers, envSchemaOf } from '../../scripts/shared/handlers.ts';
import { functionsOf, synthesized } from './synth.ts';

const handlers = allHandlers();

/** References become text, as CloudFormation makes them. */
const environmentOf = (resource: { Properties: Record<string, unknown> }): Record<string, string> => {
  const { Variables } = z
    .object({ Variables: z.record(z.string(), z.unknown()) })
    .parse(resource.Properties.Environment);
  return Object.fromEntries(
    Object.entries(Variables).map(([name, value]) => [
      name,
      typeof value === 'string' ? value : `https://made-at-deployment/${JSON.stringify(value)}`,
    ]),
  );
};

describe.each(['local', 'dev', 'prod'] as const)('functions of %s', (name) => {
  const made = synthesized(name);
  const functions = functionsOf(made);

  test('match the handler files', () => {
    expect([...functions.keys()].sort()).toEqual(handlers.map((handler) => handler.name).sort());
  });

  test.each(handlers)('$name gets exactly the environment variables that it declares', async (handler) => {
    const resource = functions.get(handler.name)?.resource;
    expect(resource).toBeDefined();
    const schema = await envSchemaOf(handler);
    if (resource) schema.strict().parse(environmentOf(resource));
  });

  test('run on Node 24 with tracing and structured logs that expire', () => {
    for (const { resource } of functions.values()) {
      expect(resource.Properties).toMatchObject({
        Runtime: 'nodejs24.x',
        Architectures: ['arm64'],
        Handler: 'index.handler',
        TracingConfig: { Mode: 'Active' },
        LoggingConfig: { LogFormat: 'JSON' },
      });
    }
    for (const [, { Properties }] of made.app.ofType('AWS::Logs::LogGroup')) {
      expect(Properties.RetentionInDays).toBe(made.stage.logRetentionDays);
    }
  });

  test('time out before the gateway does', () => {
    for (const [handler, { resource }] of functions) {
      if (
        handler.endsWith('/api') ||
        ['files/preview', 'tasks/judge', 'tasks/quote', 'tasks/work'].includes(handler)
      )
        expect(resource.Properties.Timeout).toBeLessThan(30);
    }
  });

  test('use the service endpoints of their stage', () => {
    for (const [name, { resource }] of functions) {
      const endpoints = Object.entries(environmentOf(resource)).filter(([key]) =>
        key.startsWith('AWS_ENDPOINT_URL'),
      );
      expect(Object.fromEntries(endpoints)).toEqual(
        made.stage.name === 'local'
          ? {
              AWS_ENDPOINT_URL: made.stage.awsUrl,
              AWS_ENDPOINT_URL_S3: made.stage.awsUrl,
              AWS_ENDPOINT_URL_SAGEMAKER: made.stage.sagemakerUrl,
              AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME: made.stage.sagemakerUrl,
              ...(name === 'notifications/notify' && { AWS_ENDPOINT_URL_SESV2: made.stage.mailUrl }),
            }
          : {},
      );
    }
  });
});

describe('price settings', () => {
  test.each([
    ['dev', { BASE_PRICE_SATOSHIS: '100000' }],
    ['prod', { BASE_PRICE_SATOSHIS: '2500', FIAT_CURRENCY: 'EUR', FIAT_SATOSHIS_PER_UNIT: '1150.5' }],
  ] as const)('of %s reach the functions that charge and show them', (name, expected) => {
    const functions = functionsOf(synthesized(name));
    const priceOf = (handler: string) => {
      const all = Object.entries(environmentOf(functions.get(handler)!.resource));
      return Object.fromEntries(all.filter(([key]) => /^(BASE_PRICE|FIAT)_/.test(key)));
    };
    expect(priceOf('insight/api')).toEqual(expected);
    expect(priceOf('tasks/api')).toEqual({ BASE_PRICE_SATOSHIS: expected.BASE_PRICE_SATOSHIS });
  });
});
