import { Stack } from 'aws-cdk-lib';
import { Certificate, CertificateValidation } from 'aws-cdk-lib/aws-certificatemanager';
import { HostedZone } from 'aws-cdk-lib/aws-route53';
import type { Construct } from 'constructs';
import { Firewall } from './edge/firewall.ts';
import { environmentOf } from './stage-config.ts';
import type { AwsStage } from './stage-config.ts';

/** Where CloudFront takes web ACLs and certificates from. */
const REGION = 'us-east-1';

/** The firewall and the certificate of the distribution, which must lie in us-east-1 wherever the stage lies. */
export class GlobalStack extends Stack {
  readonly firewall: Firewall;
  /** None without a domain: CloudFront has one for its own names. */
  readonly certificate: Certificate | undefined;

  constructor(scope: Construct, id: string, stage: AwsStage) {
    super(scope, id, {
      env: { ...environmentOf(stage).env, region: REGION },
      crossRegionReferences: true,
      description: `DukeNET ${stage.name}: firewall and certificate of the edge`,
    });
    this.firewall = new Firewall(this, 'Firewall', { name: `dukenet-${stage.name}` });
    const { domain } = stage;
    this.certificate =
      domain &&
      new Certificate(this, 'Certificate', {
        domainName: domain.name,
        validation: CertificateValidation.fromDns(
          HostedZone.fromHostedZoneAttributes(this, 'Zone', {
            hostedZoneId: domain.hostedZoneId,
            zoneName: domain.zoneName,
          }),
        ),
      });
  }
}
