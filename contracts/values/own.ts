/**
 * The value that an object itself holds under a name that a user chose. A plain look-up of `constructor` or `toString`
 * finds what every object inherits.
 */
export const own = <T>(record: Readonly<Record<string, T>> | undefined, name: string): T | undefined =>
  record !== undefined && Object.hasOwn(record, name) ? record[name] : undefined;
