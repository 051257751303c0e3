import type { Caller } from '../../../lambdas/shared/http/caller.ts';
import { entries } from './marketplace.ts';
import type { Marketplace } from './marketplace.ts';

/**
 * Whatever happened: all entries sum to zero, each movement too, wallets say what the entries say and are never negative,
 * what is held is the price of the tasks that hold, and no task settled twice.
 * @throws Error that names what is wrong and after what
 */
export async function expectSound(
  market: Marketplace,
  buyers: readonly Caller[],
  after: string,
): Promise<void> {
  const must = (holds: boolean, what: string): void => {
    if (!holds) throw new Error(`${what}, after ${after}`);
  };
  const accounts = new Map<string, number>();
  const movements = new Map<string, number>();
  let sum = 0;
  for (const { account, movement_id, amount_satoshis: amount } of entries(market)) {
    sum += amount;
    accounts.set(account, (accounts.get(account) ?? 0) + amount);
    movements.set(movement_id, (movements.get(movement_id) ?? 0) + amount);
  }
  must(sum === 0, `all entries sum to ${sum}`);
  for (const [id, total] of movements) must(total === 0, `${id} sums to ${total}`);
  let held = 0;
  for (const { userId } of buyers) {
    const wallet = await market.wallets.get(userId);
    const [available, inEscrow] = ['available', 'held'].map(
      (side) => accounts.get(`user:${userId}:${side}`) ?? 0,
    );
    must(
      wallet.balance_satoshis === available,
      `a balance is ${wallet.balance_satoshis}, its entries ${available}`,
    );
    must(wallet.held_satoshis === inEscrow, `escrow is ${wallet.held_satoshis}, its entries ${inEscrow}`);
    held += wallet.held_satoshis;
  }
  for (const item of market.table.items.values()) {
    if (item['entity'] !== 'task') continue;
    const holds = item['settlement'] === 'held';
    must(
      movements.has(`SETTLE#${String(item['id'])}`) === !holds,
      `task ${String(item['id'])} settled without a movement`,
    );
    if (holds) held -= Number(item['price_satoshis']);
  }
  must(held === 0, `escrow differs by ${held} from the prices of the tasks that hold`);
}
