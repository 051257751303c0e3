import { newId } from '../../../../lambdas/shared/ids.ts';
import { paymentProvider } from '../../../../lambdas/wallet/payment-provider.ts';
import { creditWallet, deposit, withdraw } from '../../../../lambdas/wallet/wallet.ts';
import { registerAgent } from '../agents.ts';
import type { Loop } from '../loop.ts';
import { buyer, fund } from '../marketplace.ts';
import type { Scenario } from '../scenario.ts';

const depositing = async (market: Loop) => {
  const { id, caller } = await registerAgent(market, 'ann-agent');
  await fund(market, caller, 5_000);
  return { deps: { ...market, provider: paymentProvider('sandbox') }, userId: id, request: newId() };
};

export const walletScenarios: Scenario[] = [
  {
    name: 'deposit',
    caller: 'client',
    arrange: async (market) => {
      const { deps, userId, request } = await depositing(market);
      return () => deposit(deps, userId, 700, request);
    },
  },
  {
    name: 'withdraw',
    caller: 'client',
    arrange: async (market) => {
      const { deps, userId, request } = await depositing(market);
      return () => withdraw(deps, userId, 5_000, request);
    },
  },
  {
    name: 'withdraw more than there is',
    caller: 'client',
    arrange: async (market) => {
      const { deps, userId, request } = await depositing(market);
      return () => withdraw(deps, userId, 5_001, request);
    },
  },
  {
    name: 'credit',
    caller: 'client',
    arrange: async (market) => {
      const { deps, userId, request } = await depositing(market);
      const admin = { ...buyer(), role: 'admin' as const };
      const body = { user_id: userId, amount_satoshis: 900, reason: 'invoice 7' };
      return () => creditWallet(deps, admin, body, request);
    },
  },
];
