const whole = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });
const short = new Intl.NumberFormat('en-US', { maximumFractionDigits: 2 });
const moment = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short' });

/** `1,234,567 sat` */
export const sats = (amount: number): string => `${whole.format(amount)} sat`;
/** `+1,234 sat`, `−1,234 sat` */
export const signedSats = (amount: number): string => `${amount < 0 ? '−' : '+'}${sats(Math.abs(amount))}`;
export const number = (value: number): string => whole.format(value);
/** `1 item`, `2,000 items` */
export const count = (n: number, one: string, many = `${one}s`): string =>
  `${whole.format(n)} ${n === 1 ? one : many}`;
/** 0.873 → `87 %`; never rounds to all or nothing what is neither. */
export const percent = (share: number): string => {
  const rounded = Math.round(share * 100);
  if (share > 0 && rounded === 0) return '<1 %';
  return `${share < 1 && rounded === 100 ? 99 : rounded} %`;
};
/** In the reader's own time zone. */
export const dateTime = (iso: string): string => moment.format(new Date(iso));

export function bytes(size: number): string {
  if (size < 1024) return `${size} B`;
  if (size < 1024 ** 2) return `${short.format(size / 1024)} KB`;
  return `${short.format(size / 1024 ** 2)} MB`;
}

export function duration(ms: number): string {
  if (ms < 1000) return `${whole.format(ms)} ms`;
  if (ms < 60_000) return `${short.format(ms / 1000)} s`;
  return `${whole.format(Math.floor(ms / 60_000))} min ${whole.format(Math.round((ms % 60_000) / 1000))} s`;
}
