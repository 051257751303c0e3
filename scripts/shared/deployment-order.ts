import { stackNames } from '../../contracts/naming.ts';

/**
 * Stacks of a stage in the order of deployment.
 *
 * The first time the endpoint is last: a new account is refused GPU instances, and everything else shall stand by then. Later
 * the endpoint goes before the application: its container refuses requests with fields that it does not know.
 * @param deployed names of the stacks that exist
 */
export function deploymentOrder(stage: 'dev' | 'prod', deployed: ReadonlySet<string>): string[] {
  const data = stackNames.data(stage);
  const serving = stackNames.serving(stage);
  const application = [stackNames.app(stage), stackNames.edge(stage)];
  return deployed.has(serving) ? [data, serving, ...application] : [data, ...application, serving];
}
