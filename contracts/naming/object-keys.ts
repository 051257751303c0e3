import type { Inspection } from '../rules/file-kinds.ts';
import { day, padded } from './segments.ts';

/** Where files of one inspection are uploaded. */
export const uploadPrefix = (inspection: Inspection): string => `uploads/${inspection}/`;

/**
 * Object keys. `files` bucket: `uploads` is where a form may write, and write again, for 15 minutes; the inspection moves
 * what it has read to `ready` or `quarantine`, where nobody can change it. `work` bucket: what the marketplace writes.
 * No key names a user: presigned URLs show keys to others.
 */
export const objects = {
  /** The first folder routes the event of a new upload to the function that inspects this kind of file. */
  upload: (inspection: Inspection, fileId: string): string => `${uploadPrefix(inspection)}${fileId}`,
  /**
   * Named by content: the record says which bytes were inspected, and no others are found under it. Of a file that tasks
   * read in another form (a picture without its metadata, the members of an archive), that form lies beside it.
   */
  ready: (fileId: string, sha256: string): string => `ready/${fileId}/${sha256}`,
  quarantine: (fileId: string): string => `quarantine/${fileId}`,
  taskInputs: (taskId: string): string => `tasks/${taskId}/inputs.json`,
  examples: (taskId: string): string => `tasks/${taskId}/examples.jsonl`,
  chunkItems: (taskId: string, chunk: number): string => `tasks/${taskId}/items/${padded(chunk)}.jsonl`,
  chunkResults: (taskId: string, chunk: number): string => `tasks/${taskId}/results/${padded(chunk)}.jsonl`,
  /** Ids of the items by chunk, for tasks of registered agents. */
  itemIds: (taskId: string): string => `tasks/${taskId}/item-ids.json`,
  /** Named by content: of two requests that answer one chunk at the same moment neither overwrites the other's. */
  draft: (taskId: string, attempt: number, chunk: number, hash: string): string =>
    `tasks/${taskId}/drafts/${attempt}/${padded(chunk)}-${hash}.jsonl`,
  output: (taskId: string, extension: string): string => `tasks/${taskId}/output.${extension}`,
  /** The output after a verdict, named by what the verdict says. */
  judgedOutput: (taskId: string, hash: string, extension: string): string =>
    `tasks/${taskId}/output-${hash}.${extension}`,
  /** Named by content, so that of two racing verdicts neither overwrites the other's. */
  corrections: (resultId: string, hash: string): string => `results/${resultId}/corrections-${hash}.jsonl`,
  outcomes: (taskId: string, settledAt: string): string =>
    `outcomes/${day(settledAt).replaceAll('-', '/')}/${taskId}.jsonl`,
  /** Named by content: a task is given exactly what was there when it was planned. */
  recalled: (question: string, sha256: string): string => `recalled/${question}/${sha256}.jsonl`,
  artifact: (version: string): string => `registry/duke-mm/${version}/model.tar.gz`,
  manifest: (runId: string): string => `learning/${runId}/data/manifest.json`,
  dataShard: (runId: string, split: string, shard: number): string =>
    `learning/${runId}/data/${split}/${padded(shard)}.jsonl`,
  /** Where SageMaker puts what a training job made. */
  trained: (runId: string, job: string): string => `learning/${runId}/trained/${job}/output/model.tar.gz`,
  /** What the training job appends to, epoch by epoch. */
  trainingLog: (runId: string): string => `learning/${runId}/checkpoints/metrics.jsonl`,
  /** The candidate with production's state of families that are held back; only where there are some. */
  recomposed: (runId: string): string => `learning/${runId}/evaluation/model.tar.gz`,
  report: (runId: string): string => `learning/${runId}/evaluation/metrics.json`,
  modelCard: (runId: string): string => `learning/${runId}/evaluation/MODEL_CARD.md`,
} as const;

/** Items of a task that Duke MM is unsure of; its chunks begin at 1. */
export const reviewItemsKey = (taskId: string): string => objects.chunkItems(taskId, 0);

/** `ready/<owner>/<file>/<hash>`, a key of an earlier version → its key today; undefined for any other key. */
export function withoutOwner(key: string): string | undefined {
  const match = /^ready\/[0-9a-f-]{36}\/([0-9a-f-]{36})\/([0-9a-f]{64})$/.exec(key);
  return match?.[1] && match[2] ? objects.ready(match[1], match[2]) : undefined;
}

export const REGISTRY_PREFIX = 'registry/duke-mm';

/** Where the outcomes of all tasks lie, by day. */
export const OUTCOMES_PREFIX = 'outcomes/';

/** `outcomes/<yyyy>/<mm>/<dd>/<task>.jsonl` → the day; undefined for any other key. */
export function parseOutcomesKey(key: string): { day: string; taskId: string } | undefined {
  const match = /^outcomes\/(\d{4})\/(\d{2})\/(\d{2})\/([0-9a-f-]{36})\.jsonl$/.exec(key);
  return match ? { day: `${match[1]}-${match[2]}-${match[3]}`, taskId: match[4]! } : undefined;
}

/** Everything of one inspected file: its bytes and the forms in which tasks read it. */
export const readyFolder = (fileId: string): string => `ready/${fileId}/`;

/** Folders that jobs read and write as a whole; SageMaker takes prefixes, not keys. */
export const folders = {
  version: (version: string): string => `${REGISTRY_PREFIX}/${version}/`,
  data: (runId: string): string => `learning/${runId}/data/`,
  checkpoints: (runId: string): string => `learning/${runId}/checkpoints/`,
  /** SageMaker writes `<job>/output/model.tar.gz` below it. */
  trained: (runId: string): string => `learning/${runId}/trained/`,
  /** Holds the artifact that a training job made, and nothing else. */
  candidate: (runId: string, job: string): string => `learning/${runId}/trained/${job}/output/`,
  evaluation: (runId: string): string => `learning/${runId}/evaluation/`,
} as const;

/** `uploads/<inspection>/<file>` → the id of the file; undefined for any other key. */
export const parseUploadKey = (key: string): string | undefined =>
  /^uploads\/[a-z]+\/([0-9a-f-]{36})$/.exec(key)?.[1];

/**
 * Address of the bytes of an inspected file, as items name it → the file's id and their hash; undefined for anything else.
 * Items that were planned before keys had no owner name one too.
 */
export function parseReadyUri(uri: string): { fileId: string; sha256: string } | undefined {
  const match = /^s3:\/\/[^/]+\/ready\/(?:[0-9a-f-]{36}\/)?([0-9a-f-]{36})\/([0-9a-f]{64})$/.exec(uri);
  return match?.[1] && match[2] ? { fileId: match[1], sha256: match[2] } : undefined;
}

/** `s3://<bucket>/<key>` → its parts; undefined for anything else. */
export function parseS3Uri(uri: string): { bucket: string; key: string } | undefined {
  const match = /^s3:\/\/([^/]+)\/(.+)$/.exec(uri);
  return match?.[1] && match[2] ? { bucket: match[1], key: match[2] } : undefined;
}

export const s3Uri = (bucket: string, key: string): string => `s3://${bucket}/${key}`;
