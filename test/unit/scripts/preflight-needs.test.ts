import { expect, test } from 'vitest';
import { readStage } from '../../../lib/stage.ts';
import { preflightNeeds } from '../../../scripts/shared/preflight-needs.ts';

test('the preflight checks match what a stage with the same settings deploys', () => {
  const environment = {
    CDK_DEFAULT_REGION: 'eu-west-1',
    DUKENET_ENDPOINT_INSTANCE: 'ml.g6.xlarge',
    DUKENET_DOMAIN: 'duke.example.com',
    DUKENET_HOSTED_ZONE_ID: 'Z0123',
    DUKENET_MAIL_FROM: 'notices@example.com',
  };
  const stage = readStage({ context: (key) => (key === 'stage' ? 'prod' : undefined), environment });
  if (stage.name === 'local') throw new Error('not the stage asked for');
  expect(preflightNeeds(stage)).toEqual({
    region: 'eu-west-1',
    endpoint_type: 'ml.g6.xlarge',
    endpoint_count: stage.endpoint.instanceCount,
    training_type: stage.training.instanceType,
    evaluation_type: stage.training.evaluationInstanceType,
    spot: stage.training.spot,
    mail_from: 'notices@example.com',
    domain: { name: 'duke.example.com', hostedZoneId: 'Z0123', zoneName: 'duke.example.com' },
  });
});
