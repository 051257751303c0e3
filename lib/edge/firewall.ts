import { CfnWebACL } from 'aws-cdk-lib/aws-wafv2';
import { Construct } from 'constructs';
import { BASE_PATH } from '../../contracts/api/operation.ts';

/** Requests of one address in five minutes. Functions limit each account far below (docs/adr/0041); this stops floods. */
const MAX_REQUESTS = 10_000;
/** The same, of registration, login and refresh. */
const MAX_AUTH_REQUESTS = 300;
const WINDOW_SECONDS = 300;

/**
 * Rules of AWS that look into bodies. Bodies hold texts of customers, among them mails with markup and code: these rules only
 * count, and the contract's schemas decide. Bodies may have 10 MB, of which the firewall reads 16 KB.
 */
const COUNTED_RULES = [
  'SizeRestrictions_BODY',
  'CrossSiteScripting_BODY',
  'GenericLFI_BODY',
  'GenericRFI_BODY',
  'EC2MetaDataSSRF_BODY',
];

/** The web ACL of the distribution: rules that AWS maintains, and limits per address. Exists in us-east-1 only. */
export class Firewall extends Construct {
  readonly arn: string;

  constructor(scope: Construct, id: string, { name }: { name: string }) {
    super(scope, id);
    const rules = [
      limit('RatePerAddress', MAX_REQUESTS),
      limit('AuthRatePerAddress', MAX_AUTH_REQUESTS, `${BASE_PATH}/auth/`),
      managed('AWSManagedRulesAmazonIpReputationList'),
      managed('AWSManagedRulesKnownBadInputsRuleSet'),
      managed('AWSManagedRulesCommonRuleSet', COUNTED_RULES),
    ];
    this.arn = new CfnWebACL(this, 'Acl', {
      name,
      scope: 'CLOUDFRONT',
      defaultAction: { allow: {} },
      visibilityConfig: visible(name),
      rules: rules.map((rule, priority) => ({ ...rule, priority })),
    }).attrArn;
  }
}

type Rule = Omit<CfnWebACL.RuleProperty, 'priority'>;

/** Requests by rule, with samples of what was blocked. */
const visible = (metricName: string): CfnWebACL.VisibilityConfigProperty => ({
  metricName,
  cloudWatchMetricsEnabled: true,
  sampledRequestsEnabled: true,
});

function limit(name: string, requests: number, pathPrefix?: string): Rule {
  return {
    name,
    action: { block: { customResponse: { responseCode: 429 } } },
    statement: {
      rateBasedStatement: {
        aggregateKeyType: 'IP',
        limit: requests,
        evaluationWindowSec: WINDOW_SECONDS,
        ...(pathPrefix !== undefined && {
          scopeDownStatement: {
            byteMatchStatement: {
              fieldToMatch: { uriPath: {} },
              positionalConstraint: 'STARTS_WITH',
              searchString: pathPrefix,
              textTransformations: [{ priority: 0, type: 'LOWERCASE' }],
            },
          },
        }),
      },
    },
    visibilityConfig: visible(name),
  };
}

const managed = (name: string, counted: readonly string[] = []): Rule => ({
  name,
  overrideAction: { none: {} },
  statement: {
    managedRuleGroupStatement: {
      vendorName: 'AWS',
      name,
      ...(counted.length > 0 && {
        ruleActionOverrides: counted.map((rule) => ({ name: rule, actionToUse: { count: {} } })),
      }),
    },
  },
  visibilityConfig: visible(name),
});
