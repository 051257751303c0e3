import { CfnOutput, Duration, Fn, RemovalPolicy, Stack } from 'aws-cdk-lib';
import {
  AccessLevel,
  AllowedMethods,
  CachePolicy,
  Distribution,
  HttpVersion,
  OriginProtocolPolicy,
  OriginRequestPolicy,
  OriginSslPolicy,
  PriceClass,
  SecurityPolicyProtocol,
  ViewerProtocolPolicy,
} from 'aws-cdk-lib/aws-cloudfront';
import type { BehaviorOptions } from 'aws-cdk-lib/aws-cloudfront';
import { HttpOrigin, S3BucketOrigin } from 'aws-cdk-lib/aws-cloudfront-origins';
import { AaaaRecord, ARecord, HostedZone, RecordTarget } from 'aws-cdk-lib/aws-route53';
import { CloudFrontTarget } from 'aws-cdk-lib/aws-route53-targets';
import { Bucket, BucketEncryption, ObjectOwnership } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { ORIGIN_SECRET_HEADER } from '../contracts/edge.ts';
import type { AppStack } from './app-stack.ts';
import type { DataStack } from './data-stack.ts';
import { responseHeaders, viewerFunction } from './edge/answers.ts';
import { EVERY_ANSWER, spaHeaders } from './edge/headers.ts';
import { Spa } from './edge/spa.ts';
import type { GlobalStack } from './global-stack.ts';
import { lockedBucket } from './shared/object-bucket.ts';
import { environmentOf } from './stage-config.ts';
import type { AwsStage } from './stage-config.ts';

export interface EdgeStackProps {
  readonly stage: AwsStage;
  readonly data: DataStack;
  readonly app: AppStack;
  readonly global: GlobalStack;
}

/** Above the gateway's own timeout of 30 s. */
const API_TIMEOUT = Duration.seconds(35);

/**
 * One origin for browsers and programs: the SPA from a private bucket, the API under `/api`, live events at `/live`. The local
 * platform has `local/edge` in its place; both are tested against `test/support/edge.ts`.
 */
export class EdgeStack extends Stack {
  readonly distribution: Distribution;
  readonly logs: Bucket;
  readonly spa: Spa;

  constructor(scope: Construct, id: string, props: EdgeStackProps) {
    const { stage, global } = props;
    super(scope, id, {
      ...environmentOf(stage),
      crossRegionReferences: true,
      description: `DukeNET ${stage.name}: CloudFront and the web application`,
    });
    this.logs = this.logBucket(stage);
    this.spa = new Spa(this, 'Spa', { accessLogs: this.logs });
    this.distribution = new Distribution(this, 'Distribution', {
      comment: `DukeNET ${stage.name}`,
      defaultRootObject: 'index.html',
      defaultBehavior: this.pages(props),
      additionalBehaviors: this.requests(props.app),
      webAclId: global.firewall.arn,
      httpVersion: HttpVersion.HTTP2_AND_3,
      priceClass: PriceClass.PRICE_CLASS_100,
      logBucket: this.logs,
      logIncludesCookies: false,
      ...(stage.domain &&
        global.certificate && {
          domainNames: [stage.domain.name],
          certificate: global.certificate,
          minimumProtocolVersion: SecurityPolicyProtocol.TLS_V1_2_2021,
        }),
    });
    if (stage.domain) this.addRecords(stage.domain);
    new CfnOutput(this, 'WebUrl', {
      value: `https://${stage.domain?.name ?? this.distribution.distributionDomainName}`,
    });
  }

  private logBucket(stage: AwsStage): Bucket {
    return new Bucket(this, 'Logs', {
      ...lockedBucket,
      // CloudFront delivers by ACL.
      objectOwnership: ObjectOwnership.OBJECT_WRITER,
      encryption: BucketEncryption.S3_MANAGED,
      lifecycleRules: [{ expiration: Duration.days(stage.logRetentionDays) }],
      removalPolicy: stage.durable ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    });
  }

  private pages({ stage, data, app }: EdgeStackProps): BehaviorOptions {
    const uploads = `https://${data.files.bucket.bucketRegionalDomainName}`;
    // With a domain the WebSocket has the origin of the pages.
    const connections = stage.domain ? [uploads] : [uploads, app.live.socket.apiEndpoint];
    return {
      // LIST makes S3 answer 404 for a missing file instead of 403. No list can be asked for: `/` is a page.
      origin: S3BucketOrigin.withOriginAccessControl(this.spa.bucket, {
        originAccessLevels: [AccessLevel.READ, AccessLevel.LIST],
      }),
      viewerProtocolPolicy: ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
      allowedMethods: AllowedMethods.ALLOW_GET_HEAD,
      cachePolicy: CachePolicy.CACHING_OPTIMIZED,
      compress: true,
      responseHeadersPolicy: responseHeaders(this, 'PageHeaders', spaHeaders(connections)),
      functionAssociations: [viewerFunction(this, 'SpaRoute', 'spa-route.js')],
    };
  }

  /** Requests are never cached, and arrive as they were sent, except for the host name. */
  private requests(app: AppStack): Record<string, BehaviorOptions> {
    const forwarded = {
      viewerProtocolPolicy: ViewerProtocolPolicy.HTTPS_ONLY,
      allowedMethods: AllowedMethods.ALLOW_ALL,
      cachePolicy: CachePolicy.CACHING_DISABLED,
      originRequestPolicy: OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER,
    };
    const secret = app.originSecret?.secretValue.unsafeUnwrap();
    return {
      '/api/*': {
        ...forwarded,
        origin: gateway(app.marketplace.api.apiEndpoint, secret),
        responseHeadersPolicy: responseHeaders(this, 'ApiHeaders', EVERY_ANSWER),
        functionAssociations: [viewerFunction(this, 'ViewerAddress', 'viewer-address.js')],
      },
      '/live': { ...forwarded, origin: gateway(app.live.socket.apiEndpoint) },
    };
  }

  private addRecords({ name, hostedZoneId, zoneName }: NonNullable<AwsStage['domain']>): void {
    const zone = HostedZone.fromHostedZoneAttributes(this, 'Zone', { hostedZoneId, zoneName });
    const target = RecordTarget.fromAlias(new CloudFrontTarget(this.distribution));
    new ARecord(this, 'Ipv4', { zone, recordName: `${name}.`, target });
    new AaaaRecord(this, 'Ipv6', { zone, recordName: `${name}.`, target });
  }
}

/** @param endpoint of API Gateway: `https://` or `wss://` and its host name @param secret proves to functions that a request came here */
function gateway(endpoint: string, secret?: string): HttpOrigin {
  return new HttpOrigin(Fn.select(2, Fn.split('/', endpoint)), {
    protocolPolicy: OriginProtocolPolicy.HTTPS_ONLY,
    originSslProtocols: [OriginSslPolicy.TLS_V1_2],
    readTimeout: API_TIMEOUT,
    ...(secret !== undefined && { customHeaders: { [ORIGIN_SECRET_HEADER]: secret } }),
  });
}
