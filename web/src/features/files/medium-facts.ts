import type { TableKind } from '../../../../contracts/rules/file-kinds.ts';
import type { File as StoredFile } from '../../lib/api/types.ts';
import { count, number } from '../../lib/format.ts';

type Metadata = NonNullable<StoredFile['metadata']>;
type Medium = Exclude<Metadata, { file_type: TableKind }>;
type MediumKind = Medium['file_type'];

/** A kind of file without facts does not compile. */
const FACTS: { readonly [K in MediumKind]: (metadata: Extract<Medium, { file_type: K }>) => string[] } = {
  text: ({ lines, characters, encoding }) => [count(lines, 'line'), count(characters, 'character'), encoding],
  image: ({ format, width, height, frames, removed }) => [
    format.toUpperCase(),
    `${number(width)} × ${number(height)} pixels`,
    ...(frames > 1 ? [count(frames, 'frame')] : []),
    ...(removed.length > 0 ? [`others see it without ${removed.join(', ')}`] : []),
  ],
  pdf: ({ pages, has_text: hasText }) => [count(pages, 'page'), hasText ? 'with text' : 'scanned'],
  audio: ({ format, duration_seconds: seconds, channels, sample_rate: rate }) => [
    format.toUpperCase(),
    `${number(seconds)} s`,
    count(channels, 'channel'),
    `${number(rate)} Hz`,
  ],
};

/** One line about the findings of the inspection, for files other than tables. */
export function mediumFacts<K extends MediumKind>(metadata: Extract<Medium, { file_type: K }>): string {
  const facts: (metadata: Extract<Medium, { file_type: K }>) => string[] = FACTS[metadata.file_type];
  return facts(metadata).join(', ');
}
