import { DukeError } from '../../contracts/errors.ts';
import { accounts } from '../../contracts/naming.ts';

/** How satoshis enter and leave a stage. */
export interface PaymentProvider {
  readonly name: 'sandbox' | 'manual';
  /** The external account that mirrors what users hold. */
  readonly account: string;
  /** @throws DukeError deposits_manual if users cannot move money themselves */
  assertSelfService(): void;
}

const manualOnly = (): never => {
  throw new DukeError(
    'deposits_manual',
    'On this stage an administrator credits what was paid; write to support.',
  );
};

/** `sandbox` credits play money at once; with `manual`, administrators credit it, until there is a Lightning provider. */
export const paymentProvider = (name: PaymentProvider['name']): PaymentProvider => ({
  name,
  account: accounts.external(name),
  assertSelfService: name === 'sandbox' ? () => undefined : manualOnly,
});
