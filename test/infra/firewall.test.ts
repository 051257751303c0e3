import { readFileSync } from 'node:fs';
import { runInNewContext } from 'node:vm';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { VIEWER_ADDRESS_HEADER } from '../../contracts/edge.ts';
import { stackOf } from './distribution.ts';
import { synthesized } from './synth.ts';

describe('the firewall', () => {
  const Rules = z.object({
    Rules: z.array(
      z.object({
        Name: z.string(),
        Priority: z.number(),
        Statement: z.object({
          RateBasedStatement: z
            .object({
              Limit: z.number(),
              AggregateKeyType: z.literal('IP'),
              ScopeDownStatement: z
                .object({ ByteMatchStatement: z.object({ SearchString: z.string() }) })
                .optional(),
            })
            .optional(),
          ManagedRuleGroupStatement: z
            .object({
              Name: z.string(),
              RuleActionOverrides: z
                .array(z.object({ Name: z.string(), ActionToUse: z.strictObject({ Count: z.object({}) }) }))
                .default([]),
            })
            .optional(),
        }),
      }),
    ),
  });
  const { Rules: rules } = Rules.parse(
    stackOf(synthesized('prod'), 'global').only('AWS::WAFv2::WebACL').Properties,
  );

  test('rate-limits each address, more strictly on routes that check passwords', () => {
    const limits = rules.flatMap(({ Statement: { RateBasedStatement: limit } }) => limit ?? []);
    expect(
      limits.map((limit) => [limit.ScopeDownStatement?.ByteMatchStatement.SearchString, limit.Limit]),
    ).toEqual([
      [undefined, 10_000],
      ['/api/v2/auth/', 300],
    ]);
  });

  test('uses the AWS managed rules, without blocking by the content of a body', () => {
    const managed = rules.flatMap(({ Statement: { ManagedRuleGroupStatement: group } }) => group ?? []);
    expect(managed.map(({ Name }) => Name)).toEqual([
      'AWSManagedRulesAmazonIpReputationList',
      'AWSManagedRulesKnownBadInputsRuleSet',
      'AWSManagedRulesCommonRuleSet',
    ]);
    const counted = managed.flatMap(({ RuleActionOverrides }) => RuleActionOverrides.map(({ Name }) => Name));
    expect(counted.filter((rule) => rule.endsWith('_BODY'))).toEqual(counted);
    expect(counted).toHaveLength(5);
  });
});

test('counts requests by an address that the client cannot choose', () => {
  const code = readFileSync(new URL('../../lib/edge/viewer-address.js', import.meta.url), 'utf8');
  const event = {
    viewer: { ip: '203.0.113.7' },
    request: { uri: '/', headers: { [VIEWER_ADDRESS_HEADER]: { value: '192.0.2.1' } } },
  };
  runInNewContext(`${code}; handler(event)`, { event });
  expect(event.request.headers[VIEWER_ADDRESS_HEADER]).toEqual({ value: '203.0.113.7' });
});
