/** What the tests of the edge read of a template: its stacks, the distribution, and the headers of a policy. */
import * as z from 'zod';
import type { StackTemplate, Synthesized } from './synth.ts';

/** @throws Error if the stage has no such stack */
export const stackOf = (made: Synthesized, name: 'edge' | 'global'): StackTemplate => {
  const stack = made[name];
  if (!stack) throw new Error(`The stage ${made.stage.name} has no ${name} stack`);
  return stack;
};

export const Behavior = z.object({
  PathPattern: z.string().optional(),
  TargetOriginId: z.string(),
  Compress: z.boolean(),
  ViewerProtocolPolicy: z.enum(['redirect-to-https', 'https-only']),
  AllowedMethods: z.array(z.string()),
  CachePolicyId: z.string(),
  OriginRequestPolicyId: z.string().optional(),
  ResponseHeadersPolicyId: z.unknown().optional(),
  FunctionAssociations: z.array(z.object({ EventType: z.string(), FunctionARN: z.unknown() })).default([]),
});
const Origin = z.object({
  Id: z.string(),
  DomainName: z.unknown(),
  OriginCustomHeaders: z.array(z.object({ HeaderName: z.string(), HeaderValue: z.unknown() })).default([]),
  OriginAccessControlId: z.unknown().optional(),
  CustomOriginConfig: z
    .object({
      OriginProtocolPolicy: z.literal('https-only'),
      OriginSSLProtocols: z.tuple([z.literal('TLSv1.2')]),
    })
    .optional(),
});
export const Config = z.object({
  DistributionConfig: z.object({
    Aliases: z.array(z.string()).optional(),
    DefaultCacheBehavior: Behavior,
    CacheBehaviors: z.array(Behavior),
    Origins: z.array(Origin),
    WebACLId: z.unknown(),
    Logging: z.object({ Bucket: z.unknown(), IncludeCookies: z.literal(false).optional() }),
    HttpVersion: z.literal('http2and3'),
    ViewerCertificate: z.object({ MinimumProtocolVersion: z.string() }).optional(),
    // They would hold for the API too.
    CustomErrorResponses: z.undefined().optional(),
  }),
});
const HeadersPolicy = z.object({
  ResponseHeadersPolicyConfig: z.object({
    CustomHeadersConfig: z
      .object({ Items: z.array(z.object({ Header: z.string(), Value: z.string() })) })
      .optional(),
    SecurityHeadersConfig: z.object({
      ContentSecurityPolicy: z.object({ ContentSecurityPolicy: z.unknown() }).optional(),
      ContentTypeOptions: z.object({ Override: z.literal(true) }).optional(),
      FrameOptions: z.object({ FrameOption: z.string() }).optional(),
      ReferrerPolicy: z.object({ ReferrerPolicy: z.string() }).optional(),
      StrictTransportSecurity: z
        .object({
          AccessControlMaxAgeSec: z.number(),
          IncludeSubdomains: z.literal(true),
          Preload: z.literal(true),
        })
        .optional(),
    }),
  }),
});

/** Text of an intrinsic function, with references in angle brackets. */
export function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  const join = z.object({ 'Fn::Join': z.tuple([z.string(), z.array(z.unknown())]) }).safeParse(value);
  if (join.success) return join.data['Fn::Join'][1].map(textOf).join(join.data['Fn::Join'][0]);
  return `<${JSON.stringify(value)}>`;
}

/** The headers that a policy adds, as a client sees them. */
export function headersOf(policy: unknown): Record<string, string> {
  const { CustomHeadersConfig, SecurityHeadersConfig: security } =
    HeadersPolicy.parse(policy).ResponseHeadersPolicyConfig;
  const hsts = security.StrictTransportSecurity;
  return {
    ...Object.fromEntries((CustomHeadersConfig?.Items ?? []).map(({ Header, Value }) => [Header, Value])),
    ...(security.ContentSecurityPolicy && {
      'content-security-policy': textOf(security.ContentSecurityPolicy.ContentSecurityPolicy),
    }),
    ...(security.ContentTypeOptions && { 'x-content-type-options': 'nosniff' }),
    ...(security.FrameOptions && { 'x-frame-options': security.FrameOptions.FrameOption }),
    ...(security.ReferrerPolicy && { 'referrer-policy': security.ReferrerPolicy.ReferrerPolicy }),
    ...(hsts && {
      'strict-transport-security': `max-age=${hsts.AccessControlMaxAgeSec}; includeSubDomains; preload`,
    }),
  };
}
