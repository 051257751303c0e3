import { Construct } from 'constructs';
import { Env } from '../../lambdas/identity/api.env.ts';
import type { DataStack } from '../data-stack.ts';
import { apiFunction } from '../shared/api-function.ts';
import type { FunctionDefaults, TypedFunction } from '../shared/typed-function.ts';

/** Accounts, sessions and profiles. */
export class Identity extends Construct {
  readonly api: TypedFunction<typeof Env>;

  constructor(scope: Construct, id: string, props: { defaults: FunctionDefaults; data: DataStack }) {
    super(scope, id);
    const { defaults, data } = props;
    this.api = apiFunction(this, {
      defaults,
      capability: 'identity',
      envSchema: Env,
      environment: {
        AUTO_CONFIRM: defaults.stage.autoConfirm ? 'true' : 'false',
        COOKIE_SECURE: defaults.stage.cookieSecure ? 'true' : 'false',
      },
    });
    data.table.grant(this.api, 'readWrite');
    data.users.grantVerify(this.api);
    data.users.grantAccounts(this.api);
  }
}
