import type { Key } from '../../../contracts/naming.ts';
import type { INDEXES } from '../../../contracts/naming.ts';

/** What must hold for a write to happen. All of a list must. */
export type Condition =
  | { readonly attribute: string; readonly is: 'present' | 'absent' }
  | {
      readonly attribute: string;
      readonly is: 'equal' | 'at_least' | 'at_most' | 'absent_or_at_most';
      readonly value: string | number | boolean;
    }
  | { readonly attribute: string; readonly is: 'one_of'; readonly values: readonly (string | number)[] };

export type Item = Readonly<Record<string, unknown>>;

export interface Put {
  readonly put: Key & Item;
  readonly when?: readonly Condition[];
}
export interface Update {
  readonly update: Key;
  readonly set?: Item;
  /** Set where the item or the attribute is not there yet. */
  readonly setOnce?: Item;
  readonly add?: Readonly<Record<string, number>>;
  readonly remove?: readonly string[];
  readonly when?: readonly Condition[];
}
export interface Delete {
  readonly delete: Key;
  readonly when?: readonly Condition[];
}
export interface Check {
  readonly check: Key;
  readonly when: readonly Condition[];
}
export type Write = Put | Update | Delete;
export type TransactionStep = Write | Check;

export interface Query {
  /** The table itself where absent. */
  readonly index?: keyof typeof INDEXES;
  readonly pk: string;
  /** Sort keys that begin with it. */
  readonly prefix?: string;
  /** Sort keys below it; beside a prefix, those of the prefix only. */
  readonly before?: string;
  /** Sort keys up to and including it; not beside the other two. */
  readonly upTo?: string;
  /** Sort keys behind it; beside `upTo` only. */
  readonly after?: string;
  readonly newestFirst?: boolean;
  readonly limit: number;
  readonly consistent?: boolean;
}

/** A write whose condition did not hold. `failed` names the steps by position. */
export class ConditionFailed extends Error {
  override readonly name = 'ConditionFailed';
  readonly failed: readonly number[];
  constructor(failed: readonly number[], options?: ErrorOptions) {
    super(`the condition of step ${failed.join(', ')} did not hold`, options);
    this.failed = failed;
  }
}

/** True when a write happened, false when its condition did not hold. */
export async function happened(write: Promise<void>): Promise<boolean> {
  try {
    await write;
    return true;
  } catch (error) {
    if (error instanceof ConditionFailed) return false;
    throw error;
  }
}

/**
 * The one table, as the stores see it. Conditions and updates are data, so that the same store runs on DynamoDB and,
 * in property tests, on a table in memory.
 */
export interface Table {
  get(key: Key, options?: { consistent?: boolean }): Promise<Item | undefined>;
  /** In the order asked for; missing ones are left out. */
  getMany(keys: readonly Key[], options?: { consistent?: boolean }): Promise<Item[]>;
  query(query: Query): Promise<Item[]>;
  /** @throws ConditionFailed */
  write(step: Write): Promise<void>;
  /**
   * All or nothing, at most 100 steps; waits out concurrent transactions on the same items.
   * @throws ConditionFailed
   */
  transact(steps: readonly TransactionStep[]): Promise<void>;
}
