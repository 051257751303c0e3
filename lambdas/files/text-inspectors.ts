import type { FileKind } from '../../contracts/rules/file-kinds.ts';
import { assertNoDisguise } from './disguise.ts';
import { detectEncoding } from './encoding.ts';
import { measureCsv, measureJson, measureText } from './measure-content.ts';
import type { Known } from './measure-content.ts';
import type { InspectorsOf, Upload } from './upload.ts';

/** Files made of characters. */
export const TEXT_INSPECTORS: InspectorsOf<'text'> = {
  async csv(upload) {
    const known = decodable('csv', upload);
    return { file_type: 'csv', ...textFacts(known), ...(await measureCsv(await upload.open(), known)) };
  },
  async json(upload) {
    const known = decodable('json', upload);
    return { file_type: 'json', ...textFacts(known), ...(await measureJson(await upload.open(), known)) };
  },
  async text(upload) {
    const known = decodable('text', upload);
    return { file_type: 'text', ...textFacts(known), ...(await measureText(await upload.open(), known)) };
  },
};

/** The encoding of a text format. @throws Unreadable if the bytes are not text */
function decodable(kind: FileKind, { print, chosenEncoding, checkTime }: Upload): Known {
  assertNoDisguise(kind, print);
  const { sha256, head, size } = print;
  const found = chosenEncoding === undefined ? detectEncoding(print) : { encoding: chosenEncoding };
  return { ...found, sha256, head, size, checkTime };
}

const textFacts = ({ encoding, sha256, guess }: Known) => ({
  encoding,
  sha256,
  ...(guess && { encoding_guess: guess }),
});
