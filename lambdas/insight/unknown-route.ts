import { DukeError } from '../../contracts/errors.ts';
import { BASE_PATH } from '../../contracts/api/operation.ts';
import { allOperations } from '../../contracts/api/routes.ts';
import { methodNotAllowed } from '../shared/http/method-not-allowed.ts';

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** Each path of the contract as a pattern, with the methods it takes. */
const PATHS = [...Map.groupBy(allOperations, (operation) => operation.path)].map(([path, operations]) => ({
  pattern: new RegExp(`^${escaped(BASE_PATH + path).replace(/\\\{\w+\\\}/g, '[^/]+')}$`),
  methods: operations.map((operation) => operation.method),
}));

/** Methods that a path takes; empty where there is no such path. */
export const methodsOf = (path: string): string[] => [
  ...new Set(PATHS.filter(({ pattern }) => pattern.test(path)).flatMap(({ methods }) => methods)),
];

/** Why a request met no route, and what its path would take. */
export function unknownRoute(method: string, path: string): DukeError {
  const allow = methodsOf(path);
  if (allow.length > 0) return methodNotAllowed(method, allow);
  return new DukeError(
    'not_found',
    'There is no such path. /docs and /api/v2/openapi.json list all there are.',
  );
}
