import { Construct } from 'constructs';
import { Env } from '../../lambdas/insight/api.env.ts';
import type { DataStack } from '../data-stack.ts';
import type { DukeEndpoint } from '../serving/duke-endpoint.ts';
import { apiFunction } from '../shared/api-function.ts';
import type { FunctionDefaults, TypedFunction } from '../shared/typed-function.ts';

export interface InsightProps {
  readonly defaults: FunctionDefaults;
  readonly data: DataStack;
  readonly endpoint: DukeEndpoint;
}

/** Health, prices, the OpenAPI document, and 404 or 405 for requests that match no route. */
export class Insight extends Construct {
  readonly api: TypedFunction<typeof Env>;

  constructor(scope: Construct, id: string, { defaults, data, endpoint }: InsightProps) {
    super(scope, id);
    const { pricing } = defaults.stage;
    this.api = apiFunction(this, {
      defaults,
      capability: 'insight',
      envSchema: Env,
      environment: {
        RELEASE: defaults.stage.release,
        BASE_PRICE_SATOSHIS: String(pricing.basePriceSatoshis),
        ...(pricing.fiat && {
          FIAT_CURRENCY: pricing.fiat.currency,
          FIAT_SATOSHIS_PER_UNIT: String(pricing.fiat.satoshisPerUnit),
        }),
      },
    });
    data.table.grant(this.api, 'read');
    data.files.grantProbe(this.api);
    endpoint.grantDescribe(this.api);
  }
}
