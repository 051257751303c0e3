import { Unreadable } from './unreadable.ts';

import type { ByteChunks } from './source.ts';
export type TextChunks = AsyncIterable<string>;

/**
 * Decodes a stream of bytes and strips the byte order mark.
 * @param encoding a label of the WHATWG Encoding Standard, as the inspection stored it: `utf-8`, `windows-1252` …
 * @throws Unreadable if the bytes are not valid in this encoding
 */
export async function* decodedText(
  bytes: ByteChunks,
  encoding: string,
): AsyncGenerator<string, void, undefined> {
  const decoder = new TextDecoder(encoding, { fatal: true });
  const decode = (chunk?: Uint8Array): string => {
    const text = decoded(chunk);
    if (text.includes('\0')) throw new Unreadable('The file is binary data, not text.');
    return text;
  };
  const decoded = (chunk?: Uint8Array): string => {
    try {
      return chunk ? decoder.decode(chunk, { stream: true }) : decoder.decode();
    } catch (error) {
      throw new Unreadable(`The file is not valid ${encoding} text.`, { cause: error });
    }
  };
  for await (const chunk of bytes) {
    const text = decode(chunk);
    if (text !== '') yield text;
  }
  const rest = decode();
  if (rest !== '') yield rest;
}
