import { BASE_PATH, type Operation } from '../../contracts/api/operation.ts';
import { allOperations } from '../../contracts/api/routes.ts';

interface Route {
  readonly operation: Operation;
  readonly pattern: RegExp;
}

/** Routes with fewer parameters first: `/tasks/list` is not a `{task_id}`. */
const ROUTES: readonly Route[] = allOperations
  .map((operation: Operation) => ({
    operation,
    pattern: new RegExp(`^${BASE_PATH}${operation.path.replaceAll(/\{\w+\}/g, '[^/]+')}$`),
  }))
  .toSorted((a, b) => a.operation.path.split('{').length - b.operation.path.split('{').length);

export const operationOf = (method: string, pathname: string): Operation | undefined =>
  ROUTES.find(({ operation, pattern }) => operation.method === method && pattern.test(pathname))?.operation;

/**
 * `fetch` for tests: requests of the API get answers that the contract describes, or throw.
 * @throws ZodError if the body of a success has another form @throws Error on a success with another status
 */
export async function fetchByContract(request: Request): Promise<Response> {
  const operation = operationOf(request.method, new URL(request.url).pathname);
  const response = await fetch(request);
  if (!operation || !response.ok) return response;
  if (response.status !== operation.status)
    throw new Error(`${operation.id} answered ${response.status} instead of ${operation.status}`);
  operation.response?.parse(await response.clone().json());
  return response;
}
