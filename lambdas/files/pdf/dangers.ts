import { LIMITS } from '../../../contracts/limits.ts';
import { Unreadable } from '../../shared/tables/unreadable.ts';
import { PdfName } from './lexer.ts';
import type { PdfDictionary } from './lexer.ts';

/** Keys of active or embedded content, which a document for reading does not need. */
const KEYS: Readonly<Record<string, string>> = {
  JS: 'a script',
  JavaScript: 'a script',
  EmbeddedFiles: 'embedded files',
  EmbeddedFile: 'embedded files',
  EF: 'embedded files',
  XFA: 'a form that runs scripts (XFA)',
};
/** Types, subtypes and actions (`S`) with the same effect. */
const NAMES: Readonly<Record<string, string>> = {
  JavaScript: 'a script',
  Rendition: 'embedded media',
  RichMedia: 'embedded media',
  RichMediaExecute: 'embedded media',
  EmbeddedFile: 'embedded files',
  FileAttachment: 'embedded files',
  GoToE: 'embedded files',
  Launch: 'an action that starts a program',
  ImportData: 'an action that imports data',
};
const NAMED_BY = ['S', 'Type', 'Subtype'] as const;
/** The same, for bytes that another reader may parse as objects: in streams, and between objects. */
const SPELLED_OUT = ['/JavaScript', '/EmbeddedFile', '/Launch', '/RichMedia'] as const;

export const nameIn = (dictionary: PdfDictionary, key: string): string | undefined => {
  const value = dictionary.get(key);
  return value instanceof PdfName ? value.name : undefined;
};

/** @throws Unreadable for a dictionary with active or embedded content */
export function assertHarmless(dictionary: PdfDictionary): void {
  for (const key of dictionary.keys()) {
    const found = Object.hasOwn(KEYS, key) ? KEYS[key] : undefined;
    if (found !== undefined) throw new Unreadable(`The PDF holds ${found}.`);
  }
  for (const key of NAMED_BY) {
    const name = nameIn(dictionary, key);
    if (name !== undefined && Object.hasOwn(NAMES, name))
      throw new Unreadable(`The PDF holds ${NAMES[name]}.`);
  }
  if (dictionary.has('Encrypt')) throw new Unreadable('The PDF is encrypted; remove its password first.');
  assertPicture(dictionary);
}

function assertPicture(dictionary: PdfDictionary): void {
  const [width, height] = [dictionary.get('Width'), dictionary.get('Height')];
  if (typeof width !== 'number' || typeof height !== 'number') return;
  if (width * height > LIMITS.pixels.value)
    throw new Unreadable(`The PDF holds a picture of ${width} × ${height} pixels.`);
}

/** @throws Unreadable */
export function assertSpellsNoDanger(bytes: Buffer): void {
  const found = SPELLED_OUT.find((name) => bytes.includes(name, 0, 'latin1'));
  if (found !== undefined) throw new Unreadable(`The PDF holds ${NAMES[found.slice(1)]}.`);
}
