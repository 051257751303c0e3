import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import type { Permission } from './describe.ts';

/** `<capability>/<name>` → what the function asks of AWS; resources begin with the variable that names them. */
export const CallTable = z.record(z.string(), z.array(z.tuple([z.string(), z.string()])));
export type CallTable = z.infer<typeof CallTable>;

/** Recorded from the functions of the suites that run on a platform; `npm run calls:record` adds to it. */
export const CALLS_FILE = new URL('../../test/infra/iam/calls.json', import.meta.url);
export const recordedCalls = (): CallTable => CallTable.parse(JSON.parse(readFileSync(CALLS_FILE, 'utf8')));

const Line = z.looseObject({
  function: z.string(),
  permissions: z.array(z.tuple([z.string(), z.string()])),
});

/** The calls in the folder of a platform that recorded; empty if there is none. */
export function callsIn(folder: string): CallTable {
  if (!existsSync(folder)) return {};
  const found = new Map<string, Map<string, Permission>>();
  for (const file of readdirSync(folder).filter((name) => name.startsWith('dukenet-'))) {
    for (const text of readFileSync(join(folder, file), 'utf8').split('\n')) {
      if (text === '') continue;
      const { function: name, permissions } = Line.parse(JSON.parse(text));
      const calls = found.get(name) ?? new Map<string, Permission>();
      for (const permission of permissions) calls.set(permission.join(' '), permission);
      found.set(name, calls);
    }
  }
  return tableOf(found);
}

const tableOf = (found: ReadonlyMap<string, ReadonlyMap<string, Permission>>): CallTable =>
  Object.fromEntries(
    [...found]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, calls]) => [
        name,
        [...calls].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, [action, resource]]) => [action, resource]),
      ]),
  );

/** Both tables in one. */
export function merged(one: CallTable, other: CallTable): CallTable {
  const all = new Map<string, Map<string, Permission>>();
  for (const [name, permissions] of [...Object.entries(one), ...Object.entries(other)]) {
    const calls = all.get(name) ?? new Map<string, Permission>();
    for (const permission of permissions) calls.set(permission.join(' '), permission);
    all.set(name, calls);
  }
  return tableOf(all);
}
