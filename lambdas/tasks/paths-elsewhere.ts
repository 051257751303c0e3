/** Paths of other functions that a path of this API with a parameter matches too, with their methods. */
export const PATHS_ELSEWHERE: ReadonlyMap<string, readonly string[]> = new Map([
  ['/api/v2/results/create', ['POST']],
  ['/api/v2/tasks/quote', ['POST']],
]);
