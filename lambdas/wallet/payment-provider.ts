import { DukeError } from '../../contracts/errors.ts';
import { accounts } from '../../contracts/naming.ts';

/** How satoshis come into and leave a stage. */
export interface PaymentProvider {
  readonly name: 'sandbox' | 'manual';
  /** The account outside that mirrors what users hold. */
  readonly account: string;
  /** @throws DukeError deposits_manual where users cannot move money themselves */
  assertSelfService(): void;
}

const manualOnly = (): never => {
  throw new DukeError(
    'deposits_manual',
    'On this stage an administrator credits what was paid; write to support.',
  );
};

/** `sandbox` hands out play money at once; `manual` leaves it to administrators until a Lightning provider is configured. */
export const paymentProvider = (name: PaymentProvider['name']): PaymentProvider => ({
  name,
  account: accounts.external(name),
  assertSelfService: name === 'sandbox' ? () => undefined : manualOnly,
});
