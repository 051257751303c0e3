import { ApiError } from '../api/problem.ts';

/** Splits the server's `errors[]` into those for fields of this form and the rest. */
export function fieldErrors(error: unknown, fields: readonly string[]) {
  const beside: Record<string, string> = {};
  const elsewhere: { path: string; message: string }[] = [];
  const errors = error instanceof ApiError ? (error.problem.errors ?? []) : [];
  for (const { path, message } of errors) {
    const field = fields.find((name) => path === name || path.startsWith(`${name}.`));
    if (field === undefined) elsewhere.push({ path, message });
    else beside[field] ??= message;
  }
  return { beside, elsewhere };
}
