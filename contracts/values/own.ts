/**
 * The own property of an object under a user-chosen name. A plain lookup of `constructor` or `toString` finds
 * inherited ones.
 */
export const own = <T>(record: Readonly<Record<string, T>> | undefined, name: string): T | undefined =>
  record !== undefined && Object.hasOwn(record, name) ? record[name] : undefined;
