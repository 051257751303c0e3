/** Paths of agents at work that a path of this API with a parameter matches too, with their methods. */
export const WORK_PATHS: ReadonlyMap<string, readonly string[]> = new Map([
  ['/api/v2/results/create', ['POST']],
]);
