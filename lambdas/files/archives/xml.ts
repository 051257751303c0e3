import { SaxesParser } from 'saxes';
import type { SaxesTagPlain } from 'saxes';
import { Unreadable } from '../../shared/tables/unreadable.ts';

export interface XmlHandlers {
  /** Names are without their prefix. */
  readonly open?: (name: string, attributes: Readonly<Record<string, string>>) => void;
  readonly text?: (text: string) => void;
  readonly close?: (name: string) => void;
}

const withoutPrefix = (name: string): string => name.slice(name.indexOf(':') + 1);

/**
 * Reads XML as it comes. Documents that define entities are refused: nothing is expanded, and nothing is fetched.
 * @throws Unreadable
 */
export async function readXml(chunks: AsyncIterable<Uint8Array>, handlers: XmlHandlers): Promise<void> {
  const parser = new SaxesParser();
  const decoder = new TextDecoder('utf-8', { fatal: true });
  parser.on('doctype', () => {
    throw new Unreadable('The workbook defines entities.');
  });
  parser.on('opentag', ({ name, attributes }: SaxesTagPlain) =>
    handlers.open?.(withoutPrefix(name), attributes),
  );
  parser.on('text', (text) => handlers.text?.(text));
  parser.on('cdata', (text) => handlers.text?.(text));
  parser.on('closetag', ({ name }) => handlers.close?.(withoutPrefix(name)));
  try {
    for await (const chunk of chunks) parser.write(decoder.decode(chunk, { stream: true }));
    parser.write(decoder.decode()).close();
  } catch (error) {
    if (error instanceof Unreadable) throw error;
    throw new Unreadable(`The workbook is broken: ${(error as Error).message}.`, { cause: error });
  }
}
