import { FILE_KINDS, mediaTypeOfName } from '../../contracts/rules/file-kinds.ts';
import { Unreadable } from '../shared/tables/unreadable.ts';
import { textDocumentIn } from './disguise-text.ts';
import type { Upload } from './upload.ts';

/** The formats of media and archives by the media types that stand for them. */
const FORMATS: ReadonlyMap<string, string> = new Map([
  ['image/png', 'png'],
  ['image/jpeg', 'jpeg'],
  ['image/webp', 'webp'],
  ['image/gif', 'gif'],
  ['image/tiff', 'tiff'],
  ['image/bmp', 'bmp'],
  ['application/pdf', 'pdf'],
  ['audio/wav', 'wav'],
  ['audio/x-wav', 'wav'],
  ['audio/wave', 'wav'],
  ['audio/vnd.wave', 'wav'],
  ['audio/flac', 'flac'],
  ['audio/x-flac', 'flac'],
  ['audio/ogg', 'ogg'],
  ['application/ogg', 'ogg'],
  ['audio/mpeg', 'mp3'],
  ['audio/mp3', 'mp3'],
  ['audio/mp4', 'm4a'],
  ['audio/m4a', 'm4a'],
  ['audio/x-m4a', 'm4a'],
  ['application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', 'zip'],
  ['application/zip', 'zip'],
  ['application/x-zip-compressed', 'zip'],
]);

/** The first bytes of formats, `.` for any byte; the walk over the structure checks the rest. */
const SIGNATURES: readonly (readonly [signature: string, format: string])[] = [
  ['\u0089PNG\r\n\u001a\n', 'png'],
  ['\u00ff\u00d8\u00ff', 'jpeg'],
  ['GIF87a', 'gif'],
  ['GIF89a', 'gif'],
  ['RIFF....WEBP', 'webp'],
  ['RIFF....WAVE', 'wav'],
  ['II*\u0000', 'tiff'],
  ['MM\u0000*', 'tiff'],
  ['%PDF-', 'pdf'],
  ['fLaC', 'flac'],
  ['OggS', 'ogg'],
  ['....ftyp', 'm4a'],
  ['PK\u0003\u0004', 'zip'],
  ['Rar!', 'RAR'],
  ['7z\u00bc\u00af', '7z'],
  ['\u001f\u008b', 'gzip'],
  ['\u00d0\u00cf\u0011\u00e0', 'an old or encrypted document of Office'],
  ['\u007fELF', 'a program'],
  ['MZ', 'a program'],
  ['ID3', 'mp3'],
  ['BM', 'bmp'],
];

function formatOf(head: Buffer): string | undefined {
  const found = SIGNATURES.find(([signature]) =>
    [...signature].every((character, i) => character === '.' || head[i] === character.charCodeAt(0)),
  );
  // A frame of MPEG sound begins with eleven bits that are set.
  return found?.[1] ?? (head[0] === 0xff && ((head[1] ?? 0) & 0xe0) === 0xe0 ? 'mp3' : undefined);
}

/** The first bytes of a file, and what it is said to be. */
interface Announced {
  readonly print: { readonly head: Buffer };
  readonly announced: Pick<Upload['announced'], 'file_type' | 'content_type' | 'filename'>;
}

/**
 * The format of a file by its first bytes: one of its kind, the one that was announced, and the one that its name ends in.
 * @throws Unreadable if they differ
 */
export function assertFormat<F extends string>(
  { print, announced }: Announced,
  isFormat: (format: string) => format is F,
): F {
  const { name } = FILE_KINDS[announced.file_type];
  const format = formatOf(print.head);
  if (format === undefined || !isFormat(format)) {
    const other = textDocumentIn(print.head) ?? format;
    throw new Unreadable(`The file is ${other === undefined ? 'not' : `${other}, not`} a ${name}.`);
  }
  const declared = FORMATS.get(announced.content_type);
  if (declared !== format)
    throw new Unreadable(`The file is ${format}, but it was announced as ${announced.content_type}.`);
  const named = FORMATS.get(mediaTypeOfName(announced.filename) ?? '');
  if (named !== undefined && named !== format)
    throw new Unreadable(`The file is ${format}, but its name ends as that of a ${named} file.`);
  return format;
}
