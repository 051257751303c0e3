import { stackNames } from '../../contracts/naming.ts';

/**
 * On a first deployment the endpoint is last: a new account is refused GPU instances, and everything else must be
 * deployed by then. Later the endpoint precedes the application: its container rejects requests with unknown fields.
 * @param deployed names of the stacks that exist
 */
export function deploymentOrder(stage: 'dev' | 'prod', deployed: ReadonlySet<string>): string[] {
  const data = stackNames.data(stage);
  const serving = stackNames.serving(stage);
  const application = (['app', 'global', 'edge', 'operations'] as const).map((name) =>
    stackNames[name](stage),
  );
  return deployed.has(serving) ? [data, serving, ...application] : [data, ...application, serving];
}
