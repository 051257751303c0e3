import { DukeError } from '../../../contracts/errors.ts';
import { BASE_PATH } from '../../../contracts/api/operation.ts';
import type { Operation } from '../../../contracts/api/operation.ts';

/** 405, with the methods of the path in `Allow`. */
export const methodNotAllowed = (method: string, allow: readonly string[]): DukeError =>
  new DukeError('method_not_allowed', `This path takes ${allow.join(', ')}, not ${method}.`, { allow });

/**
 * Methods of each path without parameters. API Gateway routes `GET /files/upload` to `GET /files/{file_id}`, though
 * `/files/upload` is a path of its own, which supports POST only.
 */
export const methodsOfLiteralPaths = (
  operations: readonly Operation[],
): ReadonlyMap<string, readonly string[]> =>
  new Map(
    [...Map.groupBy(operations, ({ path }) => BASE_PATH + path)]
      .filter(([path]) => !path.includes('{'))
      .map(([path, ofPath]) => [path, ofPath.map(({ method }) => method)]),
  );
