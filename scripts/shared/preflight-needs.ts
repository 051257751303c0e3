import type { AwsStage } from '../../lib/stage-config.ts';

/** What `scripts/aws/preflight.py` checks in an account, as JSON. */
export const preflightNeeds = ({ region, endpoint, training, mail, domain }: AwsStage) => ({
  region,
  endpoint_type: endpoint.instanceType,
  endpoint_count: endpoint.instanceCount,
  training_type: training.instanceType,
  evaluation_type: training.evaluationInstanceType,
  spot: training.spot,
  ...(mail && { mail_from: mail.from }),
  ...(domain && { domain }),
});
