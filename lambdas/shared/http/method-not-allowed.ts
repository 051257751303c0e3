import { DukeError } from '../../../contracts/errors.ts';
import { BASE_PATH } from '../../../contracts/api/operation.ts';
import type { Operation } from '../../../contracts/api/operation.ts';

/** 405, with the methods that the path takes in `Allow`. */
export const methodNotAllowed = (method: string, allow: readonly string[]): DukeError =>
  new DukeError('method_not_allowed', `This path takes ${allow.join(', ')}, not ${method}.`, { allow });

/**
 * Methods of each path without parameters. The gateway gives `GET /files/upload` to the route `GET /files/{file_id}`; there
 * is no file "upload", but a path of that name which takes POST.
 */
export const methodsOfLiteralPaths = (
  operations: readonly Operation[],
): ReadonlyMap<string, readonly string[]> =>
  new Map(
    [...Map.groupBy(operations, ({ path }) => BASE_PATH + path)]
      .filter(([path]) => !path.includes('{'))
      .map(([path, ofPath]) => [path, ofPath.map(({ method }) => method)]),
  );
