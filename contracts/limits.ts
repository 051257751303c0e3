import { FILE_KINDS, fileKinds } from './rules/file-kinds.ts';
import type { FileKind } from './rules/file-kinds.ts';

/**
 * Every limit that a client can meet, in one table. Schemas, workers, the table of docs/api.md and the model read it.
 * It imports no schema, so that a browser does not load zod for a number. `npm run contracts:generate` writes those
 * that Python uses to `model/dukemm/contract/limits.py`.
 */
export interface Limit {
  readonly value: number;
  readonly unit: 'bytes' | 'characters' | 'count' | 'absolute value' | 'hours' | 'minutes' | 'days';
  /** What is limited, as a noun phrase: "Description of a task". */
  readonly what: string;
}

/** One limit per kind of file: `csvFile`, `jsonFile` … */
const fileLimits = Object.fromEntries(
  fileKinds.map((kind): [string, Limit] => [
    `${kind}File`,
    { value: FILE_KINDS[kind].maxBytes, unit: 'bytes', what: `Size of a file: ${FILE_KINDS[kind].name}` },
  ]),
) as Readonly<Record<`${FileKind}File`, Limit>>;

const KIBIBYTE = 1024;
const MEBIBYTE = 1024 * KIBIBYTE;

/** Characters are Unicode code points; the bytes of an item are those of its JSON. */
export const LIMITS = {
  number: {
    value: 1e100,
    unit: 'absolute value',
    what: 'Any number: in fields, cells, examples and corrections',
  },
  body: { value: MEBIBYTE, unit: 'bytes', what: 'Body of a request' },
  description: { value: 4000, unit: 'characters', what: 'Description of a task' },
  labels: { value: 200, unit: 'count', what: 'Labels of a task' },
  labelDescription: { value: 200, unit: 'characters', what: 'The description of a label' },
  label: { value: 80, unit: 'characters', what: 'A label' },
  fieldName: { value: 200, unit: 'characters', what: 'Name of a field, a medium, a column or a target' },
  fields: { value: 500, unit: 'count', what: 'Fields of an item; columns of a table' },
  cell: { value: 1_000_000, unit: 'characters', what: 'Text in a field or a cell' },
  itemId: { value: 256, unit: 'characters', what: 'Id of an item' },
  item: { value: 2_500_000, unit: 'bytes', what: 'An item or example: all its fields together' },
  itemsPerComplexity: { value: 250, unit: 'count', what: 'Items per point of complexity' },
  items: { value: 2500, unit: 'count', what: 'Items of a task' },
  examples: { value: 2000, unit: 'count', what: 'Examples of a task' },
  examplesTogether: { value: 64 * MEBIBYTE, unit: 'bytes', what: 'Examples of a task together' },
  answer: {
    value: 100_000,
    unit: 'characters',
    what: 'An answer: of an example, a correction or a prediction',
  },
  reason: { value: 2000, unit: 'characters', what: 'Reason of a correction' },
  comment: { value: 4000, unit: 'characters', what: 'Comment of a verdict' },
  filesOfTask: {
    value: 500,
    unit: 'count',
    what: 'Files of a task: attached and named by items and examples, together',
  },
  tablesTogether: { value: 200 * MEBIBYTE, unit: 'bytes', what: 'Tables of a task together' },
  filename: { value: 255, unit: 'characters', what: 'Name of a file' },
  contentType: { value: 255, unit: 'characters', what: 'Media type of a file, with its parameters' },
  ...fileLimits,
  pixels: { value: 50_000_000, unit: 'count', what: 'Pixels of a picture: width times height' },
  frames: { value: 1000, unit: 'count', what: 'Frames of an animation; pages of a TIFF' },
  pages: { value: 500, unit: 'count', what: 'Pages of a PDF' },
  waveformPeaks: { value: 200, unit: 'count', what: 'Peaks of a waveform' },
  soundHours: { value: 4, unit: 'hours', what: 'Duration of a sound' },
  soundTags: {
    value: 5 * MEBIBYTE,
    unit: 'bytes',
    what: 'Parts of a sound file that are not sound, such as a cover picture',
  },
  agentCapacity: { value: 20, unit: 'count', what: 'Tasks that an agent works on at a time' },
  agentDescription: { value: 500, unit: 'characters', what: 'Description of an agent' },
  singleUpload: {
    value: 25 * MEBIBYTE,
    unit: 'bytes',
    what: 'A file that clients send in one request; a larger one goes in parts',
  },
  multipartHours: {
    value: 24,
    unit: 'hours',
    what: 'Time to send all parts of a file after it was announced',
  },
  uploadMinutes: { value: 15, unit: 'minutes', what: 'Time to send a file after it was announced' },
  reviewHours: { value: 168, unit: 'hours', what: 'Review window' },
  eventDays: { value: 7, unit: 'days', what: 'Time that events are kept for `GET /events`' },
  liveConnections: {
    value: 20,
    unit: 'count',
    what: 'Live connections of a user at a time; a further one closes the oldest',
  },
  page: { value: 100, unit: 'count', what: 'Entries of one page of a list; fewer where they are large' },
} as const satisfies Readonly<Record<string, Limit>>;

/** Largest absolute value of a number, so that its square is finite (`LARGEST` in model/dukemm/media/views.py). */
export const MAX_NUMBER = LIMITS.number.value;
export const MAX_ITEMS_PER_COMPLEXITY = LIMITS.itemsPerComplexity.value;
export const MAX_EXAMPLES = LIMITS.examples.value;

/** Smallest and largest cost of missing a label; a label without one costs 1. */
export const LABEL_COST = { min: 0.001, max: 1000 } as const;

/** Integers only. */
export const COMPLEXITY = { min: 1, max: 10 } as const;
/** Hours that a buyer may have for the verdict. */
export const REVIEW_HOURS = { min: 1, max: LIMITS.reviewHours.value, default: 24 } as const;
/** Satoshis per deposit, withdrawal or credit: at most one bitcoin, which bounds the damage of a typing error. */
export const TRANSFER_SATOSHIS = { min: 1, max: 100_000_000 } as const;
/** Characters of a reason given by an administrator. */
export const MAX_REASON = 500;
/** Maximum number of distinct values of a column that are stored. */
export const MAX_COLUMN_VALUES = 200;
/** Characters of a family name. */
export const MAX_FAMILY_NAME = 256;
/**
 * Maximum size of a prediction set: larger ones carry no information, and 250 items must fit into a response of 6 MB.
 */
export const MAX_LABEL_SET = 20;
/** Maximum length of a stored label, in characters: earlier tasks may have longer labels than `LIMITS.label`. */
export const MAX_STORED_LABEL = 200;
/** Minimum number of labels of a task. */
export const MIN_LABELS = 2;
