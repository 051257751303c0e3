/** The current time. Always passed as an argument, so that tests control it. */
export type Clock = () => Date;
export const systemClock: Clock = () => new Date();

export const DAY = 86_400_000;
export const HOUR = 3_600_000;
export const MINUTE = 60_000;
export const later = (now: Date, milliseconds: number): string =>
  new Date(now.getTime() + milliseconds).toISOString();
