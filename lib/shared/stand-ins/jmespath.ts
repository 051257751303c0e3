/**
 * Replaces `@aws-lambda-powertools/jmespath` in the bundles (alias in ../bundle.ts). Powertools Idempotency selects its key
 * and payload with JMESPath expressions; ours are plain field names, and the interpreter would add 23 KB.
 */
export function search(path: string, data: unknown): unknown {
  if (!/^\w+$/.test(path))
    throw new Error(`Not a plain field name: ${path} (lib/shared/stand-ins/jmespath.ts)`);
  return (data as Readonly<Record<string, unknown>>)[path] ?? null;
}

/** Custom functions for expressions. Plain field names call none. */
export class PowertoolsFunctions {}
