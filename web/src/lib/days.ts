export const DAY_MS = 86_400_000;
const day = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', timeZone: 'UTC' });

/** A day, counted from the epoch: `9 Nov`. */
export const dayFormat = (days: number): string => day.format(new Date(days * DAY_MS));
/** The day of a time, counted from the epoch, in UTC as the server counts days. */
export const dayOf = (iso: string): number => Math.floor(Date.parse(iso) / DAY_MS);
