/** Characters of RFC 8187 `attr-char` that `encodeURIComponent` leaves alone but which are none. */
const percentEncoded = (text: string): string =>
  encodeURIComponent(text).replace(/['()*!]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);

/**
 * `Content-Disposition` of a download (RFC 6266): the name in plain ASCII for old clients, and in full (RFC 8187) where
 * it has more than that.
 */
export function attachment(filename: string): string {
  const wellFormed = filename.toWellFormed();
  const plain = wellFormed.replace(/[^\x20-\x7e]|["\\%]/g, '_');
  const full = plain === wellFormed ? '' : `; filename*=UTF-8''${percentEncoded(wellFormed)}`;
  return `attachment; filename="${plain}"${full}`;
}
