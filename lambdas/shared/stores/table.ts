import type { Key } from '../../../contracts/naming.ts';
import type { INDEXES } from '../../../contracts/naming.ts';

/** Condition of a write. All conditions of a list must hold. */
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
  /** Set only if the item or the attribute does not exist yet. */
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
export type Repeatable = Put | Omit<Update, 'add'> | Delete;
export type TransactionStep = Write | Check;

export interface Query {
  /** Default: the table itself. */
  readonly index?: keyof typeof INDEXES;
  readonly pk: string;
  /** Only sort keys with this prefix. */
  readonly prefix?: string;
  /** Only sort keys below this one. May be combined with `prefix`. */
  readonly before?: string;
  /** Only sort keys up to and including this one. Not with `prefix` or `before`. */
  readonly upTo?: string;
  /** Only sort keys above this one. Only with `upTo`. */
  readonly after?: string;
  readonly newestFirst?: boolean;
  readonly limit: number;
  readonly consistent?: boolean;
}

/** The conditions of a write failed. `failed` has the indexes of the failed steps. */
export class ConditionFailed extends Error {
  override readonly name = 'ConditionFailed';
  readonly failed: readonly number[];
  constructor(failed: readonly number[], options?: ErrorOptions) {
    super(`the condition of step ${failed.join(', ')} did not hold`, options);
    this.failed = failed;
  }
}

/**
 * @returns false if the condition of the write failed
 */
export async function succeeds(write: Promise<void>): Promise<boolean> {
  try {
    await write;
    return true;
  } catch (error) {
    if (error instanceof ConditionFailed) return false;
    throw error;
  }
}

/**
 * The table as stores use it. Conditions and updates are data, so that stores run on DynamoDB and, in tests, on an
 * in-memory table.
 */
export interface Table {
  get(key: Key, options?: { consistent?: boolean }): Promise<Item | undefined>;
  /** In the order of the keys, without missing items. */
  getMany(keys: readonly Key[], options?: { consistent?: boolean }): Promise<Item[]>;
  query(query: Query): Promise<Item[]>;
  /** Applied once, even if the answer is lost and the request repeated. @throws ConditionFailed */
  write(step: Write): Promise<void>;
  /**
   * For a write whose effect does not change if it runs twice, by a caller that ignores whether its condition failed: a repetition
   * may find the condition broken by the first run. Costs half of a conditional `write`.
   * @throws ConditionFailed
   */
  writeRepeatable(step: Repeatable): Promise<void>;
  /**
   * All or nothing and once, at most 100 steps. Retries after conflicts with concurrent transactions on the same items.
   * @throws ConditionFailed
   */
  transact(steps: readonly TransactionStep[]): Promise<void>;
}
