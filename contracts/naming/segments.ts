/** The day of a timestamp, in UTC. */
export const day = (iso: string): string => iso.slice(0, 10);

/** Four digits, so that keys sort as numbers do. */
export const padded = (n: number): string => String(n).padStart(4, '0');

/** Sort key of a list that is read newest first. */
export const newest = (createdAt: string, id: string): string => `${createdAt}#${id}`;
