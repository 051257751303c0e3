import { existsSync, globSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type * as z from 'zod';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** The handler of one function. */
export interface Handler {
  /** `<capability>/<function>`, unique in the repository. */
  readonly name: string;
  /** Path in the repository. */
  readonly file: string;
}

export const allHandlers = (): Handler[] =>
  globSync('lambdas/**/*.handler.ts', { cwd: ROOT })
    .sort()
    .map((file) => ({ name: `${file.split('/')[1]}/${basename(file, '.handler.ts')}`, file }));

/**
 * Schema of the variables of a handler: `Env` of the file beside it, or `<Function>Env` of the file that all
 * functions of its folder share.
 */
export async function envSchemaOf({ file }: Handler): Promise<z.ZodObject> {
  const name = basename(file, '.handler.ts');
  const folder = join(ROOT, dirname(file));
  const own = join(folder, `${name}.env.ts`);
  const shared = join(folder, `${basename(folder)}.env.ts`);
  const [module, schema] = existsSync(own)
    ? [own, 'Env']
    : [shared, `${name[0]?.toUpperCase()}${name.slice(1)}Env`];
  const schemas = (await import(pathToFileURL(module).href)) as Readonly<Record<string, z.ZodObject>>;
  if (!schemas[schema]) throw new Error(`${module} has no ${schema}`);
  return schemas[schema];
}
