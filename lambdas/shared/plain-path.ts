/**
 * Stands in for `@aws-lambda-powertools/jmespath` in the bundles (alias in lib/shared/bundle.ts). Idempotency names its key
 * and its payload by a path; ours are plain field names, for which the interpreter of a query language would cost 23 KB.
 */
export function search(path: string, data: unknown): unknown {
  if (!/^\w+$/.test(path)) throw new Error(`Not the name of a field: ${path} (lib/shared/bundle.ts)`);
  return (data as Readonly<Record<string, unknown>>)[path] ?? null;
}

/** Functions that a query could call; a plain name calls none. */
export class PowertoolsFunctions {}
