import type { FileKind } from '../../contracts/rules/file-kinds.ts';
import type { MetadataOf } from '../../contracts/entities/file.ts';
import type { ByteChunks } from '../shared/tables/source.ts';
import { assertNoDisguise } from './disguise.ts';
import { detectEncoding } from './encoding.ts';
import type { Fingerprint } from './fingerprint.ts';
import { measureCsv, measureJson, measureText } from './measure-content.ts';
import type { Known } from './measure-content.ts';

/** An upload after the first pass over its bytes. */
export interface FingerprintedUpload {
  readonly print: Fingerprint;
  /** The encoding that its owner chose, if the guess was wrong. */
  readonly chosenEncoding?: string | undefined;
  /** Reads the same bytes again. */
  readonly open: () => Promise<ByteChunks>;
  /** @throws Unreadable once the file has taken too long */
  readonly checkTime: () => void;
}

/** Reads a whole upload as its announced type and returns its metadata. @throws Unreadable */
type Inspector<K extends FileKind> = (upload: FingerprintedUpload) => Promise<MetadataOf<K>>;

/** A kind of file without an inspector does not compile. */
export const INSPECTORS: { readonly [K in FileKind]: Inspector<K> } = {
  async csv(upload) {
    const known = await decodable('csv', upload);
    return { file_type: 'csv', ...textFacts(known), ...(await measureCsv(await upload.open(), known)) };
  },
  async json(upload) {
    const known = await decodable('json', upload);
    return { file_type: 'json', ...textFacts(known), ...(await measureJson(await upload.open(), known)) };
  },
  async text(upload) {
    const known = await decodable('text', upload);
    return { file_type: 'text', ...textFacts(known), ...(await measureText(await upload.open(), known)) };
  },
};

/** The encoding of a text format. @throws Unreadable if the bytes are not text */
async function decodable(
  kind: FileKind,
  { print, chosenEncoding, checkTime }: FingerprintedUpload,
): Promise<Known> {
  await assertNoDisguise(kind, print);
  const { sha256, head, size } = print;
  const found = chosenEncoding === undefined ? detectEncoding(print) : { encoding: chosenEncoding };
  return { ...found, sha256, head, size, checkTime };
}

const textFacts = ({ encoding, sha256, guess }: Known) => ({
  encoding,
  sha256,
  ...(guess && { encoding_guess: guess }),
});
