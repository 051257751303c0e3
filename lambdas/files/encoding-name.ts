/** Names of the detector that have another label in the Encoding Standard. */
const LABELS: Readonly<Record<string, string>> = {
  cp932: 'shift_jis',
  cp949: 'euc-kr',
  cp866: 'ibm866',
  macroman: 'macintosh',
  maccyrillic: 'x-mac-cyrillic',
  'big5-hkscs': 'big5',
  big5hkscs: 'big5',
};

/** Name in the WHATWG Encoding Standard, for `TextDecoder`; undefined if it has none. */
export function standardName(label: string): string | undefined {
  const lower = label.toLowerCase();
  try {
    return new TextDecoder(LABELS[lower] ?? lower).encoding;
  } catch {
    return undefined;
  }
}
