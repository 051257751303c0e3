import { Construct } from 'constructs';
import { Env } from '../../lambdas/wallet/api.env.ts';
import type { DataStack } from '../data-stack.ts';
import { apiFunction } from '../shared/api-function.ts';
import type { FunctionDefaults, TypedFunction } from '../shared/typed-function.ts';

/** Balances, ledger entries, deposits and withdrawals. */
export class Wallet extends Construct {
  readonly api: TypedFunction<typeof Env>;

  constructor(scope: Construct, id: string, props: { defaults: FunctionDefaults; data: DataStack }) {
    super(scope, id);
    const { defaults, data } = props;
    this.api = apiFunction(this, {
      defaults,
      capability: 'wallet',
      envSchema: Env,
      environment: { PAYMENT_PROVIDER: defaults.stage.paymentProvider },
    });
    data.table.grant(this.api, 'readWrite');
    data.users.grantVerify(this.api);
  }
}
