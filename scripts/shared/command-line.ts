import { parseArgs } from 'node:util';
import type { ParseArgsOptionsConfig } from 'node:util';
import * as z from 'zod';

export const StageName = z.enum(['local', 'dev', 'prod']);
export type StageName = z.infer<typeof StageName>;

/** An error that its message explains completely: shown without a stack trace. */
export class ScriptError extends Error {
  override readonly name = 'ScriptError';
}

/**
 * The arguments of a script, parsed.
 * @throws ScriptError with the usage
 */
export function commandLine<S extends z.ZodObject>(usage: string, schema: S): z.output<S> {
  const options = Object.fromEntries(
    Object.keys(schema.shape).map((name) => [name, { type: 'string' }]),
  ) as ParseArgsOptionsConfig;
  const refuse = (why: string, cause: unknown): never => {
    throw new ScriptError(`${why}\nUsage: ${usage}`, { cause });
  };
  try {
    return schema.parse(parseArgs({ options, strict: true }).values);
  } catch (error) {
    if (error instanceof z.ZodError) {
      return refuse(error.issues.map((i) => `--${i.path.join('.')}: ${i.message}`).join('\n'), error);
    }
    return refuse(error instanceof Error ? error.message : 'Wrong arguments.', error);
  }
}

/** Runs a script; an error becomes a message and exit code 1. */
export async function run(script: () => Promise<void>): Promise<void> {
  try {
    await script();
  } catch (error) {
    const message =
      error instanceof ScriptError ? error.message : error instanceof Error ? error.stack : error;
    process.stderr.write(`${String(message)}\n`);
    process.exitCode = 1;
  }
}

export const say = (line: string): void => {
  process.stdout.write(`${line}\n`);
};
