import { Unreadable } from '../shared/tables/unreadable.ts';

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  value !== null && typeof value === 'object' && !Array.isArray(value);
const isList = (value: unknown): value is readonly unknown[] => Array.isArray(value);

const ADVICE = 'Write a list of rows instead; with pandas: to_json(orient="records").';

/**
 * Rejects a single object that is a table in another orientation than rows, such as the default of pandas.
 * @param text JSON of the only row
 * @throws Unreadable
 */
export function assertRows(text: string): void {
  const value = JSON.parse(text) as unknown;
  if (!isObject(value)) return;
  const values = Object.values(value);
  if (isList(value['columns']) && isList(value['data']))
    throw new Unreadable(`The JSON holds its columns and its data apart. ${ADVICE}`);
  if (values.length >= 2 && values.every(isList) && sameOf(values.map((list) => list.length)))
    throw new Unreadable(`The JSON holds a list of values for each column. ${ADVICE}`);
  if (values.length >= 2 && values.every(isObject)) {
    const keys = values.map((inner) => Object.keys(inner).join('\n'));
    if (sameOf(keys) && keys[0] !== '')
      throw new Unreadable(`The JSON holds an object for each column or each index. ${ADVICE}`);
  }
}

const sameOf = (values: readonly (string | number)[]): boolean => new Set(values).size === 1;
