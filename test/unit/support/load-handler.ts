import { pathToFileURL } from 'node:url';
import { resolve } from 'node:path';
import { allHandlers } from '../../../scripts/shared/handlers.ts';
import type { Handler } from '../../../scripts/shared/handlers.ts';

type AnyHandler = (event: unknown, context: unknown) => Promise<unknown>;

/** The function as Lambda loads it, with the environment that is set now. */
export async function loaded({ file }: Handler): Promise<AnyHandler> {
  const module = (await import(pathToFileURL(resolve(file)).href)) as { handler: AnyHandler };
  return module.handler;
}

export function handlerNamed(name: string): Handler {
  const found = allHandlers().find((handler) => handler.name === name);
  if (!found) throw new Error(`there is no handler ${name}`);
  return found;
}
