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
/** 0.873 → `87 %`; values other than 0 and 1 are never shown as 0 % or 100 %. */
export const percent = (share: number): string => {
  const rounded = Math.round(share * 100);
  if (share > 0 && rounded === 0) return '<1 %';
  return `${share < 1 && rounded === 100 ? 99 : rounded} %`;
};
/** In the user's time zone. */
export const dateTime = (iso: string): string => moment.format(new Date(iso));

/** Formats a value for `short`. */
const shortened = (value: number): number => Math.round(value * 100) / 100;

/** `12 B`, `1.5 KB`, `3 MB`; the unit is chosen after rounding, so that no `1,024 KB` appears. */
export function bytes(size: number): string {
  if (size < 1024) return `${size} B`;
  const kilobytes = shortened(size / 1024);
  return kilobytes < 1024 ? `${short.format(kilobytes)} KB` : `${short.format(size / 1024 ** 2)} MB`;
}

/** `80 ms`, `5.23 s`, `1 min 23 s`; the unit is chosen after rounding, so that no `60 s` appears. */
export function duration(ms: number): string {
  if (Math.round(ms) < 1000) return `${whole.format(ms)} ms`;
  const seconds = shortened(ms / 1000);
  if (seconds < 60) return `${short.format(seconds)} s`;
  const total = Math.round(ms / 1000);
  return `${whole.format(Math.floor(total / 60))} min ${total % 60} s`;
}

/** Stands where there is no figure. */
export const ABSENT = '–';
/** 0.9175 → `91.8 %`; null → `–` */
export const share = (value: number | null | undefined): string =>
  value === null || value === undefined ? ABSENT : `${(100 * value).toFixed(1)} %`;
/** A share on an axis, without idle digits: `80 %`. */
export const shareTick = (value: number): string => `${Number((100 * value).toFixed(1))} %`;
