import type { Task } from '../../contracts/entities/task.ts';
import { canonicalJson, plainText, sha256 } from './ids.ts';

/**
 * What a task asks, as 24 hex digits: its family, its target, and its description apart from case and white space. Two
 * questions over the same fields with the same labels («urgent: yes or no», «paid: yes or no») share a family; what was
 * confirmed of one is no example of the other.
 */
export function questionOf({
  family,
  target,
  description,
}: Pick<Task, 'family' | 'target' | 'description'>): string {
  return sha256(canonicalJson([family, target?.trim().toLowerCase() ?? null, plainText(description)])).slice(
    0,
    24,
  );
}
