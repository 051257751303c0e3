import type { UserRole } from '../../../contracts/entities/common.ts';
import { allShards, indexKeys } from '../../../contracts/naming.ts';
import type { Item, Query } from './table.ts';

/** Which list: of a buyer, of an agent, or of all users. */
export type ListOwner =
  | { readonly role: Extract<UserRole, 'buyer'>; readonly userId: string }
  | { readonly role: Extract<UserRole, 'agent'>; readonly agentId: string }
  | { readonly role: Extract<UserRole, 'admin'> };

const LISTS = {
  TASKS: { owned: indexKeys.ownedTask, worked: indexKeys.workedTask, all: indexKeys.allTasks },
  RESULTS: { owned: indexKeys.ownedResult, worked: indexKeys.workedResult, all: indexKeys.allResults },
} as const;

export function partitionsOf(kind: keyof typeof LISTS, owner: ListOwner): Pick<Query, 'index' | 'pk'>[] {
  const list = LISTS[kind];
  if (owner.role === 'buyer') return [{ index: 'owner', pk: list.owned(owner.userId, '', '').pk }];
  if (owner.role === 'agent') return [{ index: 'worker', pk: list.worked(owner.agentId, '', '').pk }];
  return allShards().map((shard) => ({ index: 'all', pk: list.all(shard, '', '').pk }));
}

export const sortKeyIn = (owner: ListOwner) => {
  const attribute = { buyer: 'gsi1sk', agent: 'gsi2sk', admin: 'gsi3sk' }[owner.role];
  return (entry: Item): string => String(entry[attribute]);
};
