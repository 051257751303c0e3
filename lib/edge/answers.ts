import { join } from 'node:path';
import { Duration } from 'aws-cdk-lib';
import {
  Function as ViewerFunction,
  FunctionCode,
  FunctionEventType,
  FunctionRuntime,
  HeadersFrameOption,
  HeadersReferrerPolicy,
  ResponseHeadersPolicy,
} from 'aws-cdk-lib/aws-cloudfront';
import type { FunctionAssociation } from 'aws-cdk-lib/aws-cloudfront';
import type { Construct } from 'constructs';

/** Headers that a policy takes by a setting of their own, and refuses as custom headers. */
const SECURITY = {
  'strict-transport-security': {
    accessControlMaxAge: Duration.days(730),
    includeSubdomains: true,
    preload: true,
  },
  'x-content-type-options': {},
  'x-frame-options': { frameOption: HeadersFrameOption.DENY },
  'referrer-policy': { referrerPolicy: HeadersReferrerPolicy.STRICT_ORIGIN_WHEN_CROSS_ORIGIN },
};

/**
 * A policy that adds these headers, whatever the origin says.
 * @throws Error if a header with a setting of its own has another value than the setting
 */
export function responseHeaders(
  scope: Construct,
  id: string,
  headers: Readonly<Record<string, string>>,
): ResponseHeadersPolicy {
  const { 'content-security-policy': contentSecurityPolicy, ...others } = headers;
  const override = true;
  const custom = Object.entries(others).filter(([name]) => !Object.hasOwn(SECURITY, name));
  const has = (name: keyof typeof SECURITY): boolean => Object.hasOwn(headers, name);
  return new ResponseHeadersPolicy(scope, id, {
    securityHeadersBehavior: {
      ...(contentSecurityPolicy && { contentSecurityPolicy: { contentSecurityPolicy, override } }),
      ...(has('strict-transport-security') && {
        strictTransportSecurity: { ...SECURITY['strict-transport-security'], override },
      }),
      ...(has('x-content-type-options') && { contentTypeOptions: { override } }),
      ...(has('x-frame-options') && { frameOptions: { ...SECURITY['x-frame-options'], override } }),
      ...(has('referrer-policy') && { referrerPolicy: { ...SECURITY['referrer-policy'], override } }),
    },
    customHeadersBehavior: { customHeaders: custom.map(([header, value]) => ({ header, value, override })) },
  });
}

/** A function of `lib/edge/` that runs at each request of a viewer. */
export const viewerFunction = (scope: Construct, id: string, file: string): FunctionAssociation => ({
  eventType: FunctionEventType.VIEWER_REQUEST,
  function: new ViewerFunction(scope, id, {
    code: FunctionCode.fromFile({ filePath: join(import.meta.dirname, file) }),
    runtime: FunctionRuntime.JS_2_0,
  }),
});
