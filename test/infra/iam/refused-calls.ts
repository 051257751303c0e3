import { callsIn, recordedCalls } from '../../../local/calls/table.ts';

/**
 * Calls of a recording that the policies of dev do not allow. Calls of the table are checked by `calls-allowed.test.ts`, so
 * that the stacks are synthesized only for calls that are new.
 */
export async function refusedCalls(folder: string): Promise<string[]> {
  const known = recordedCalls();
  const unknown = Object.entries(callsIn(folder)).flatMap(([name, permissions]) => {
    const before = new Set((known[name] ?? []).map((permission) => permission.join(' ')));
    return permissions
      .filter((permission) => !before.has(permission.join(' ')))
      .map((call) => [name, call] as const);
  });
  if (unknown.length === 0) return [];
  console.log(`${unknown.length} calls are not in test/infra/iam/calls.json: npm run calls:record`);
  const [{ synthesized }, { Account }, { Requests }] = await Promise.all([
    import('../synth.ts'),
    import('./policies.ts'),
    import('./requests.ts'),
  ]);
  const dev = synthesized('dev');
  const account = new Account(dev);
  const requests = new Requests(dev, account);
  const refused: string[] = [];
  for (const [name, call] of unknown)
    for (const request of requests.of(name, call))
      if (!(await account.allows(request))) refused.push(`${name}: ${request.action} ${request.resource}`);
  return refused;
}
