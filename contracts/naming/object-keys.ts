import type { Inspection } from '../rules/file-kinds.ts';
import { day, padded } from './segments.ts';

/** Where files of one inspection are uploaded. */
export const uploadPrefix = (inspection: Inspection): string => `uploads/${inspection}/`;

/** Prefix of compacted outcomes, which can be made again from those of tasks. */
export const COMPACTED_PREFIX = 'outcomes-compacted/';

/** Prefix of the marks of families with withdrawn outcomes, by day. */
export const WITHDRAWALS_PREFIX = 'withdrawn/';

/**
 * Object keys. Bucket `files`: presigned forms may write to `uploads`, repeatedly, for 15 minutes; the inspection
 * moves what it has read to `ready` or `quarantine`, which no client can write. Bucket `work`: what the platform
 * writes. No key contains a user id, because presigned URLs show keys to others.
 */
export const objects = {
  /** The first path segment routes the event of a new upload to the function that inspects this kind of file. */
  upload: (inspection: Inspection, fileId: string): string => `${uploadPrefix(inspection)}${fileId}`,
  /**
   * Content-addressed: the record names the hash of the inspected bytes, and the key cannot hold any others. The form
   * that tasks read (a picture without metadata, the members of an archive) lies beside the original.
   */
  ready: (fileId: string, sha256: string): string => `ready/${fileId}/${sha256}`,
  /** Of the bytes with a hash, as their owner and the agents of their tasks see them. */
  preview: (fileId: string, sha256: string, page: number): string =>
    `${previewFolder(fileId)}${sha256}/${padded(page)}.json`,
  quarantine: (fileId: string): string => `quarantine/${fileId}`,
  taskInputs: (taskId: string): string => `tasks/${taskId}/inputs.json`,
  examples: (taskId: string): string => `tasks/${taskId}/examples.jsonl`,
  chunkItems: (taskId: string, chunk: number): string => `tasks/${taskId}/items/${padded(chunk)}.jsonl`,
  chunkResults: (taskId: string, chunk: number): string => `tasks/${taskId}/results/${padded(chunk)}.jsonl`,
  /** What a version answered in shadow, which no buyer sees. */
  shadowAnswers: (taskId: string, version: string): string => `tasks/${taskId}/shadow/${version}.json`,
  /** Ids of the items by chunk, for tasks of registered agents. */
  itemIds: (taskId: string): string => `tasks/${taskId}/item-ids.json`,
  /** Content-addressed, so that concurrent submissions of one chunk do not overwrite each other. */
  draft: (taskId: string, attempt: number, chunk: number, hash: string): string =>
    `tasks/${taskId}/drafts/${attempt}/${padded(chunk)}-${hash}.jsonl`,
  output: (taskId: string, extension: string): string => `tasks/${taskId}/output.${extension}`,
  /** The output after a verdict, named by the hash of the verdict. */
  judgedOutput: (taskId: string, hash: string, extension: string): string =>
    `tasks/${taskId}/output-${hash}.${extension}`,
  /** Content-addressed, so that racing verdicts do not overwrite each other. */
  corrections: (resultId: string, hash: string): string => `results/${resultId}/corrections-${hash}.jsonl`,
  outcomes: (taskId: string, settledAt: string): string =>
    `outcomes/${day(settledAt).replaceAll('-', '/')}/${taskId}.jsonl`,
  /** The lines of many files of outcomes of a day, named by the hash of their keys and sizes. */
  compactedOutcomes: (settledAt: string, sha256: string): string =>
    `${COMPACTED_PREFIX}${day(settledAt).replaceAll('-', '/')}/${sha256}.jsonl`,
  /** Empty. Outcomes of the family were withdrawn on that day, so versions trained before it may hold them. */
  withdrawal: (family: string, at: string): string =>
    `${WITHDRAWALS_PREFIX}${day(at).replaceAll('-', '/')}/${family}`,
  /** Content-addressed: a task gets exactly the snapshot that existed when it was planned. */
  recalled: (question: string, sha256: string): string => `recalled/${question}/${sha256}.jsonl`,
  artifact: (version: string): string => `registry/duke-mm/${version}/model.tar.gz`,
  manifest: (runId: string): string => `learning/${runId}/data/manifest.json`,
  dataShard: (runId: string, split: string, shard: number): string =>
    `learning/${runId}/data/${split}/${padded(shard)}.jsonl`,
  /** Output of a training job. */
  trained: (runId: string, job: string): string => `learning/${runId}/trained/${job}/output/model.tar.gz`,
  /** Log that the training job appends to after each epoch. */
  trainingLog: (runId: string): string => `learning/${runId}/checkpoints/metrics.jsonl`,
  /** The candidate with production's state of the families that are held back; absent if there are none. */
  recomposed: (runId: string): string => `learning/${runId}/evaluation/model.tar.gz`,
  report: (runId: string): string => `learning/${runId}/evaluation/metrics.json`,
  modelCard: (runId: string): string => `learning/${runId}/evaluation/MODEL_CARD.md`,
} as const;

/** The items of a task that Duke MM is unsure of. Chunk 0: the task's own chunks begin at 1. */
export const reviewItemsKey = (taskId: string): string => objects.chunkItems(taskId, 0);

/** `ready/<owner>/<file>/<hash>`, a key of an earlier release → the current key; undefined for any other key. */
export function withoutOwner(key: string): string | undefined {
  const match = /^ready\/[0-9a-f-]{36}\/([0-9a-f-]{36})\/([0-9a-f]{64})$/.exec(key);
  return match?.[1] && match[2] ? objects.ready(match[1], match[2]) : undefined;
}

export const REGISTRY_PREFIX = 'registry/duke-mm';

/** Prefix of the outcomes of all tasks, by day. */
export const OUTCOMES_PREFIX = 'outcomes/';

/** Prefix of the outcomes of one day. */
export const outcomesOfDay = (at: string): string => `${OUTCOMES_PREFIX}${day(at).replaceAll('-', '/')}/`;

/** `outcomes/<yyyy>/<mm>/<dd>/<task>.jsonl` → the day; undefined for any other key. */
export function parseOutcomesKey(key: string): { day: string; taskId: string } | undefined {
  const match = /^outcomes\/(\d{4})\/(\d{2})\/(\d{2})\/([0-9a-f-]{36})\.jsonl$/.exec(key);
  return match ? { day: `${match[1]}-${match[2]}-${match[3]}`, taskId: match[4]! } : undefined;
}

/** `withdrawn/<yyyy>/<mm>/<dd>/<family>` → its parts; undefined for any other key. */
export function parseWithdrawalKey(key: string): { day: string; family: string } | undefined {
  const match = /^withdrawn\/(\d{4})\/(\d{2})\/(\d{2})\/([^/]+)$/.exec(key);
  return match ? { day: `${match[1]}-${match[2]}-${match[3]}`, family: match[4]! } : undefined;
}

/** Prefix of all previews. */
export const PREVIEW_PREFIX = 'previews/';

/** Prefix of the previews of one file. */
export const previewFolder = (fileId: string): string => `${PREVIEW_PREFIX}${fileId}/`;

/** Prefix of one inspected file: its bytes and the forms that tasks read. */
export const readyFolder = (fileId: string): string => `ready/${fileId}/`;

/** Prefixes that jobs read and write as a whole, since SageMaker takes prefixes. */
export const folders = {
  version: (version: string): string => `${REGISTRY_PREFIX}/${version}/`,
  data: (runId: string): string => `learning/${runId}/data/`,
  checkpoints: (runId: string): string => `learning/${runId}/checkpoints/`,
  /** SageMaker writes `<job>/output/model.tar.gz` below it. */
  trained: (runId: string): string => `learning/${runId}/trained/`,
  /** Contains only the artifact that a training job wrote. */
  candidate: (runId: string, job: string): string => `learning/${runId}/trained/${job}/output/`,
  evaluation: (runId: string): string => `learning/${runId}/evaluation/`,
} as const;

/** `uploads/<inspection>/<file>` → the id of the file; undefined for any other key. */
export const parseUploadKey = (key: string): string | undefined =>
  /^uploads\/[a-z]+\/([0-9a-f-]{36})$/.exec(key)?.[1];

/**
 * URI of the bytes of an inspected file, as items name it → file id and hash; undefined for anything else. Items
 * planned by an earlier release have the owner in the URI.
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
