import { fileIdsOf } from '../../contracts/api/task-bodies.ts';
import type { CreateTaskBody } from '../../contracts/api/task-bodies.ts';
import type { FileReference } from '../shared/stores/file-store.ts';

/** Distinct files that a request refers to, with the path of their first occurrence. */
export function fileReferences(body: CreateTaskBody): FileReference[] {
  const first = new Map<string, FileReference>();
  for (const { id, path } of fileIdsOf(body)) {
    if (!first.has(id)) first.set(id, { id, path: path.join('.') });
  }
  return [...first.values()];
}
