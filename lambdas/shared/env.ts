import type * as z from 'zod';

/**
 * Parses the environment of a function while its module loads, so that a wrong deployment fails at once.
 * @throws Error that names every variable that is missing or malformed, never a value.
 */
export function parseEnv<T extends z.ZodObject>(
  schema: T,
  source: Readonly<Record<string, string | undefined>> = process.env,
): z.output<T> {
  const parsed = schema.safeParse(source);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  throw new Error(`The environment of this function is not complete: ${faults.join('; ')}`);
}
