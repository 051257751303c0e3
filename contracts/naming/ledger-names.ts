/** Deterministic ids of movements: a permanent conditional put on one makes it happen once, however late a replay is. */
export const movementIds = {
  hold: (taskId: string): string => `HOLD#${taskId}`,
  settle: (taskId: string): string => `SETTLE#${taskId}`,
  /** The part of the price that returns when a task moves to a cheaper agent. */
  reduce: (taskId: string, attempt: number): string => `REDUCE#${taskId}#${attempt}`,
  deposit: (userId: string, id: string): string => `DEPOSIT#${userId}#${id}`,
  withdrawal: (userId: string, id: string): string => `WITHDRAWAL#${userId}#${id}`,
  /** Without the user: the same request for another user is another body under one key. */
  credit: (id: string): string => `CREDIT#${id}`,
} as const;

export const accounts = {
  available: (userId: string): string => `user:${userId}:available`,
  held: (userId: string): string => `user:${userId}:held`,
  dukeMM: 'agent:duke-mm',
  external: (provider: string): string => `external:${provider}`,
} as const;

/** `user:<id>:available|held` → its parts; undefined for accounts that are nobody's wallet. */
export function parseUserAccount(
  account: string,
): { userId: string; side: 'available' | 'held' } | undefined {
  const match = /^user:([^:]+):(available|held)$/.exec(account);
  return match?.[1] ? { userId: match[1], side: match[2] === 'held' ? 'held' : 'available' } : undefined;
}
