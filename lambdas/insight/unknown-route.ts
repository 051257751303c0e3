import { DukeError } from '../../contracts/errors.ts';
import { BASE_PATH } from '../../contracts/api/operation.ts';
import { allOperations } from '../../contracts/api/routes.ts';
import { methodNotAllowed } from '../shared/http/method-not-allowed.ts';

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** Each path of the contract as a regular expression, with its methods. */
const PATHS = [...Map.groupBy(allOperations, (operation) => operation.path)].map(([path, operations]) => ({
  pattern: new RegExp(`^${escaped(BASE_PATH + path).replace(/\\\{\w+\\\}/g, '[^/]+')}$`),
  methods: operations.map((operation) => operation.method),
}));

/** Methods of a path; empty if there is no such path. */
export const methodsOf = (path: string): string[] => [
  ...new Set(PATHS.filter(({ pattern }) => pattern.test(path)).flatMap(({ methods }) => methods)),
];

/** The error for a request without a route: 405 with the methods of its path, or 404. */
export function unknownRoute(method: string, path: string): DukeError {
  const allow = methodsOf(path);
  if (allow.length > 0) return methodNotAllowed(method, allow);
  return new DukeError(
    'not_found',
    'There is no such path. /docs and /api/v2/openapi.json list all there are.',
  );
}
