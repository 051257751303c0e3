/** Names of the detector that the Encoding Standard has under another label. */
const LABELS: Readonly<Record<string, string>> = {
  cp932: 'shift_jis',
  cp949: 'euc-kr',
  cp866: 'ibm866',
  macroman: 'macintosh',
  maccyrillic: 'x-mac-cyrillic',
  'big5-hkscs': 'big5',
  big5hkscs: 'big5',
};

/** Name in the WHATWG Encoding Standard, which is what `TextDecoder` reads; undefined where it has none. */
export function standardName(label: string): string | undefined {
  const lower = label.toLowerCase();
  try {
    return new TextDecoder(LABELS[lower] ?? lower).encoding;
  } catch {
    return undefined;
  }
}
