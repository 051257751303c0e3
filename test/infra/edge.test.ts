import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { ORIGIN_SECRET_HEADER } from '../../contracts/edge.ts';
import { viewerFunction } from '../../local/edge/viewer-functions.ts';
import { SPA_FILES, edgeAnswers } from '../support/edge.ts';
import type { EdgeAnswer } from '../support/edge.ts';
import { Config, headersOf, stackOf, textOf } from './distribution.ts';
import type { Behavior } from './distribution.ts';
import { functionsOf, synthesized, target } from './synth.ts';

/** prod has a domain in these tests, dev has none. */
const STAGES = ['dev', 'prod'] as const;

const CACHING_OPTIMIZED = '658327ea-f89d-4fab-a63d-7e88639e58f6';
const CACHING_DISABLED = '4135ea2d-6df8-44a3-9df3-4b5a84be39ad';
const ALL_VIEWER_EXCEPT_HOST = 'b689b0a8-53d0-40ab-baf2-68738e2966ac';

describe.each(STAGES)('the distribution of %s', (name) => {
  const made = synthesized(name);
  const edge = stackOf(made, 'edge');
  const { DistributionConfig: config } = Config.parse(edge.only('AWS::CloudFront::Distribution').Properties);
  const behaviors = [...config.CacheBehaviors, config.DefaultCacheBehavior];
  const behaviorOf = (path: string) =>
    behaviors.find(({ PathPattern = '*' }) =>
      new RegExp(`^${PathPattern.replaceAll('*', '.*')}$`).test(path),
    )!;
  const originOf = ({ TargetOriginId }: z.infer<typeof Behavior>) =>
    config.Origins.find(({ Id }) => Id === TargetOriginId)!;

  /** `Cache-Control` of a file of the SPA, as it is copied into the bucket. */
  function storedCacheControl(file: string): string {
    const copies = edge.ofType('Custom::CDKBucketDeployment').map(([, { Properties }]) =>
      z
        .object({
          Exclude: z.array(z.string()),
          Include: z.array(z.string()).default([]),
          SystemMetadata: z.object({ 'cache-control': z.string() }),
          Prune: z.literal(false),
        })
        .parse(Properties),
    );
    const matches = (patterns: string[]) =>
      patterns.some((pattern) =>
        new RegExp(`^${pattern.replaceAll('.', '\\.').replaceAll('*', '.*')}$`).test(file),
      );
    const found = copies.filter(({ Exclude, Include }) => !matches(Exclude) || matches(Include));
    expect(found).toHaveLength(1);
    return found[0]!.SystemMetadata['cache-control'];
  }

  const connections = (): string[] => {
    const csp = headersOf(edge.get(target(config.DefaultCacheBehavior.ResponseHeadersPolicyId)).Properties)[
      'content-security-policy'
    ]!;
    return /connect-src 'self' ([^;]+);/.exec(csp)![1]!.split(' ');
  };

  test('allows pages to connect to the upload bucket and the WebSocket only', () => {
    const origins = connections();
    expect(origins[0]).toMatch(/^https:\/\/<.*FilesBucket/);
    expect(origins.slice(1)).toEqual(name === 'prod' ? [] : [expect.stringContaining('LiveSocket')]);
  });

  test.each(edgeAnswers(connections()).map((answer): [string, EdgeAnswer] => [answer.path, answer]))(
    'answers %s as the local edge does',
    (_path, { path, file, status, headers, compressed }) => {
      const [pathname = ''] = path.split('?');
      const behavior = behaviorOf(pathname);
      expect(behavior.Compress && behavior.CachePolicyId === CACHING_OPTIMIZED).toBe(
        compressed || (status === 404 && file === undefined),
      );
      const { 'cache-control': cacheControl, ...added } = headers;
      expect(headersOf(edge.get(target(behavior.ResponseHeadersPolicyId)).Properties)).toEqual(added);
      if (pathname.startsWith('/api/')) return;
      const routed = viewerFunction('spa-route.js')({
        viewer: { ip: '192.0.2.1' },
        request: { uri: pathname, headers: {} },
      });
      expect(routed.uri.slice(1) in SPA_FILES).toBe(status === 200);
      if (file === undefined) return;
      expect(routed.uri).toBe(`/${file}`);
      expect(storedCacheControl(file)).toBe(cacheControl);
    },
  );

  test('runs the functions that the local edge runs', () => {
    const codeOf = (path: string): unknown =>
      z
        .object({ FunctionCode: z.string() })
        .parse(edge.get(target(behaviorOf(path).FunctionAssociations[0]!.FunctionARN)).Properties)
        .FunctionCode;
    const source = (file: string) => readFileSync(new URL(`../../lib/edge/${file}`, import.meta.url), 'utf8');
    expect(codeOf('/tasks/7')).toBe(source('spa-route.js'));
    expect(codeOf('/api/v2/tasks')).toBe(source('viewer-address.js'));
  });

  test('forwards API and WebSocket requests unchanged and uncached', () => {
    for (const path of ['/api/v2/tasks', '/live']) {
      const behavior = behaviorOf(path);
      expect(behavior).toMatchObject({
        CachePolicyId: CACHING_DISABLED,
        OriginRequestPolicyId: ALL_VIEWER_EXCEPT_HOST,
        ViewerProtocolPolicy: 'https-only',
      });
      expect(behavior.AllowedMethods).toContain('PATCH');
      expect(originOf(behavior).CustomOriginConfig).toBeDefined();
    }
  });

  test('sends the API a secret that proves a request came through it', () => {
    const [header] = originOf(behaviorOf('/api/v2/tasks')).OriginCustomHeaders;
    expect(header?.HeaderName).toBe(ORIGIN_SECRET_HEADER);
    expect(textOf(header?.HeaderValue)).toMatch(
      /^\{\{resolve:secretsmanager:<.*OriginSecret.*>:SecretString:::\}\}$/,
    );
    const functions = functionsOf(made);
    const known = [...functions]
      .filter(([, { resource }]) => JSON.stringify(resource.Properties.Environment).includes('ORIGIN_SECRET'))
      .map(([handler]) => handler);
    expect(known.sort()).toEqual(
      [...functions.keys()]
        .filter(
          (handler) =>
            handler.endsWith('/api') ||
            ['tasks/work', 'tasks/quote', 'tasks/judge', 'files/preview'].includes(handler),
        )
        .sort(),
    );
  });

  test('reads the SPA from a bucket that only it can read', () => {
    const origin = originOf(config.DefaultCacheBehavior);
    expect(origin.OriginAccessControlId).toBeDefined();
    const policies = edge
      .ofType('AWS::S3::BucketPolicy')
      .map(([, { Properties }]) => JSON.stringify(Properties));
    const spa = policies.find((policy) => policy.includes('"cloudfront.amazonaws.com"'))!;
    expect(spa).toContain('"AWS:SourceArn"');
    for (const [, { Properties }] of edge.ofType('AWS::S3::Bucket'))
      expect(Properties.PublicAccessBlockConfiguration).toEqual({
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      });
  });

  test('uses the firewall of us-east-1 and writes an access log', () => {
    expect(stackOf(made, 'global').only('AWS::WAFv2::WebACL').Properties.Scope).toBe('CLOUDFRONT');
    expect(JSON.stringify(config.WebACLId)).toContain('Firewall');
    expect(JSON.stringify(config.Logging.Bucket)).toContain('Logs');
  });
});

describe('with a domain', () => {
  const prod = synthesized('prod');
  const edge = stackOf(prod, 'edge');

  test('certificate, DNS records and the allowed origin of uploads use the domain', () => {
    const { Aliases, ViewerCertificate } = Config.parse(
      edge.only('AWS::CloudFront::Distribution').Properties,
    ).DistributionConfig;
    expect(Aliases).toEqual(['duke.example.com']);
    expect(ViewerCertificate?.MinimumProtocolVersion).toBe('TLSv1.2_2021');
    expect(stackOf(prod, 'global').only('AWS::CertificateManager::Certificate').Properties).toMatchObject({
      DomainName: 'duke.example.com',
      ValidationMethod: 'DNS',
    });
    expect(
      edge.ofType('AWS::Route53::RecordSet').map(([, { Properties }]) => [Properties.Type, Properties.Name]),
    ).toEqual([
      ['A', 'duke.example.com.'],
      ['AAAA', 'duke.example.com.'],
    ]);
    expect(prod.stage.webOrigins).toEqual(['https://duke.example.com', 'https://dukenet.example.com']);
    expect(JSON.stringify(prod.app.json)).toContain('wss://duke.example.com/live');
  });

  test('without a domain, pages of CloudFront may upload', () => {
    expect(synthesized('dev').stage.webOrigins[0]).toBe('https://*.cloudfront.net');
    expect(stackOf(synthesized('dev'), 'edge').ofType('AWS::Route53::RecordSet')).toEqual([]);
  });
});
