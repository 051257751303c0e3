/** Literal paths of other functions, with their methods, that a parameterized path of this API also matches. */
export const PATHS_ELSEWHERE: ReadonlyMap<string, readonly string[]> = new Map([
  ['/api/v2/results/create', ['POST']],
  ['/api/v2/tasks/quote', ['POST']],
]);
