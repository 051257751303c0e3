import type { Task } from '../../contracts/entities/task.ts';
import { canonicalJson, plainText, sha256 } from './ids.ts';

/**
 * Id of the question of a task, 24 hex digits: hash of its family, target, and description, ignoring case and white space.
 * Different questions about the same fields with the same labels («urgent: yes or no», «paid: yes or no») share a family,
 * but items confirmed for one are not examples for the other.
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
