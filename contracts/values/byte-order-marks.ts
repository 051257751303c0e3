/** Byte order marks by encoding. */
const MARKS = {
  'utf-8': [0xef, 0xbb, 0xbf],
  'utf-16le': [0xff, 0xfe],
  'utf-16be': [0xfe, 0xff],
} as const satisfies Readonly<Record<string, readonly number[]>>;

type Marked = keyof typeof MARKS;
const MARKED = Object.keys(MARKS) as Marked[];

const startsWith = (bytes: Uint8Array, mark: readonly number[]): boolean =>
  mark.every((byte, i) => bytes[i] === byte);

/** Length in bytes of the byte order mark at the start of a file in this encoding: 0, 2 or 3. */
export function markLength(bytes: Uint8Array, encoding: string): number {
  const mark = MARKED.find((marked) => marked === encoding);
  return mark && startsWith(bytes, MARKS[mark]) ? MARKS[mark].length : 0;
}

/** The encoding indicated by a byte order mark. */
export const markedEncoding = (head: Uint8Array): Marked | undefined =>
  MARKED.find((marked) => startsWith(head, MARKS[marked]));

const ENOUGH_BYTES = 8;

/** Detects UTF-16 without a byte order mark: most characters of tables are ASCII, so every second byte is zero. */
export function unmarkedUtf16(head: Uint8Array): 'utf-16le' | 'utf-16be' | undefined {
  if (head.length < ENOUGH_BYTES) return undefined;
  const zeros: [number, number] = [0, 0];
  head.forEach((byte, i) => {
    if (byte === 0) zeros[i % 2 === 0 ? 0 : 1] += 1;
  });
  const [even, odd] = [zeros[0] / (head.length / 2), zeros[1] / (head.length / 2)];
  if (odd > 0.4 && even < 0.05) return 'utf-16le';
  return even > 0.4 && odd < 0.05 ? 'utf-16be' : undefined;
}
