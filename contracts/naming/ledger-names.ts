/**
 * Deterministic ids of movements. A permanent conditional put on the id applies each movement once, however late a
 * retry is.
 */
export const movementIds = {
  hold: (taskId: string): string => `HOLD#${taskId}`,
  settle: (taskId: string): string => `SETTLE#${taskId}`,
  /** The part of the price that is returned when a task moves to a cheaper agent. */
  reduce: (taskId: string, attempt: number): string => `REDUCE#${taskId}#${attempt}`,
  deposit: (userId: string, id: string): string => `DEPOSIT#${userId}#${id}`,
  withdrawal: (userId: string, id: string): string => `WITHDRAWAL#${userId}#${id}`,
  /** Does not contain the user: the same key with another user is another request body, which is rejected. */
  credit: (id: string): string => `CREDIT#${id}`,
} as const;

export const accounts = {
  available: (userId: string): string => `user:${userId}:available`,
  held: (userId: string): string => `user:${userId}:held`,
  dukeMM: 'agent:duke-mm',
  external: (provider: string): string => `external:${provider}`,
} as const;

/** `user:<id>:available|held` → its parts; undefined for accounts that belong to no user. */
export function parseUserAccount(
  account: string,
): { userId: string; side: 'available' | 'held' } | undefined {
  const match = /^user:([^:]+):(available|held)$/.exec(account);
  return match?.[1] ? { userId: match[1], side: match[2] === 'held' ? 'held' : 'available' } : undefined;
}
