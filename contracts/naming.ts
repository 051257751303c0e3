import type { Inspection } from './rules/file-kinds.ts';

/**
 * Builds and parses every key and name: table keys, index keys, object keys, ids of movements, stack and resource
 * names. Nobody else concatenates one.
 */
export interface Key {
  readonly pk: string;
  readonly sk: string;
}

/** Shards of an index partition that every task writes to: 1,000 writes/s each. */
export const INDEX_SHARDS = 8;

/** Stable shard of an id (FNV-1a, 32 bit). */
export function shardOf(id: string, shards: number = INDEX_SHARDS): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < id.length; i++) hash = Math.imul(hash ^ id.charCodeAt(i), 0x01000193) >>> 0;
  return hash % shards;
}
export const allShards = (): number[] => Array.from({ length: INDEX_SHARDS }, (_, shard) => shard);

const day = (iso: string): string => iso.slice(0, 10);
const padded = (n: number): string => String(n).padStart(4, '0');

/** Stands in the place of the number of an assignment where an agent reviews unsure answers. */
export const REVIEW_ATTEMPT = 0;

/** Sort keys of the drafts of one assignment. */
export const draftPrefix = (attempt: number): string => `DRAFT#${attempt}#`;

export const keys = {
  user: (id: string): Key => ({ pk: `USER#${id}`, sk: 'PROFILE' }),
  /** One register request, so that its repetition finds what it made. */
  registration: (userId: string, requestId: string): Key => ({
    pk: `USER#${userId}`,
    sk: `REGISTRATION#${requestId}`,
  }),
  agentName: (name: string): Key => ({ pk: `AGENTNAME#${name}`, sk: 'NAME' }),
  /** A login: when it began. */
  session: (originJti: string): Key => ({ pk: `SESSION#${originJti}`, sk: 'SESSION' }),
  /** A session that was logged out; lives as long as its access token could. */
  denied: (originJti: string): Key => ({ pk: `DENIED#${originJti}`, sk: 'DENIED' }),
  file: (id: string): Key => ({ pk: `FILE#${id}`, sk: 'FILE' }),
  fileUse: (id: string, taskId: string): Key => ({ pk: `FILE#${id}`, sk: `USE#${taskId}` }),
  task: (id: string): Key => ({ pk: `TASK#${id}`, sk: 'TASK' }),
  /** @param attempt of the assignment, from 2; a chunk of the first has none */
  chunk: (taskId: string, chunk: number, attempt?: number): Key => ({
    pk: `TASK#${taskId}`,
    sk: `CHUNK#${padded(chunk)}${attempt === undefined ? '' : `#${attempt}`}`,
  }),
  /** Answers of an agent to one chunk, in the making. */
  draft: (taskId: string, attempt: number, chunk: number): Key => ({
    pk: `TASK#${taskId}`,
    sk: `${draftPrefix(attempt)}${padded(chunk)}`,
  }),
  quote: (id: string): Key => ({ pk: `QUOTE#${id}`, sk: 'QUOTE' }),
  /** An agent never gets a task twice. */
  assignment: (agentId: string, taskId: string): Key => ({
    pk: `AGENT#${agentId}`,
    sk: `ASSIGNMENT#${taskId}`,
  }),
  trainingShard: (taskId: string): Key => ({ pk: `TASK#${taskId}`, sk: 'OUTCOMES' }),
  judged: (taskId: string): Key => ({ pk: `TASK#${taskId}`, sk: 'JUDGED' }),
  /** The verdict was counted for the agent that reviewed the unsure answers. */
  judgedReview: (taskId: string): Key => ({ pk: `TASK#${taskId}`, sk: 'JUDGED#REVIEW' }),
  result: (id: string): Key => ({ pk: `RESULT#${id}`, sk: 'RESULT' }),
  /** Sorts behind its entries, so that a page of entries before a cursor never meets it. */
  wallet: (userId: string): Key => ({ pk: `WALLET#${userId}`, sk: 'WALLET' }),
  walletEntry: (userId: string, at: string, id: string): Key => ({
    pk: `WALLET#${userId}`,
    sk: `ENTRY#${at}#${id}`,
  }),
  /** Accounts that every task touches are append-only and cut by day and shard. */
  accountEntry: (account: string, at: string, id: string): Key => ({
    pk: `ACCOUNT#${account}#${day(at)}#${shardOf(id)}`,
    sk: `ENTRY#${at}#${id}`,
  }),
  movement: (movementId: string): Key => ({ pk: `MOVEMENT#${movementId}`, sk: 'MOVEMENT' }),
  agentStats: (agentId: string): Key => ({ pk: `AGENT#${agentId}`, sk: 'STATS' }),
  agentProfile: (agentId: string): Key => ({ pk: `AGENT#${agentId}`, sk: 'PROFILE' }),
  /** Judged work of one agent in one family. All agents of a family share a partition. */
  familyRecord: (family: string, agentId: string): Key => ({
    pk: `FAMILY#${family}`,
    sk: `AGENT#${agentId}`,
  }),
  modelVersion: (version: string): Key => ({
    pk: 'MODEL#duke-mm',
    sk: `VERSION#${version.padStart(9, '0')}`,
  }),
  routing: (): Key => ({ pk: 'MODEL#duke-mm', sk: 'ROUTING' }),
  /** The highest version number that was given to a run. */
  lastVersion: (): Key => ({ pk: 'VERSIONS#duke-mm', sk: 'LAST' }),
  promotion: (revision: number): Key => ({
    pk: 'PROMOTIONS#duke-mm',
    sk: `PROMOTION#${String(revision).padStart(9, '0')}`,
  }),
  run: (id: string): Key => ({ pk: `RUN#${id}`, sk: 'RUN' }),
  /** One cause of a run; what is put here twice starts a run once. */
  trigger: (key: string): Key => ({ pk: `TRIGGER#${key}`, sk: 'TRIGGER' }),
  trainingLock: (): Key => ({ pk: 'TRAINING', sk: 'LOCK' }),
  /** What was confirmed of one question. */
  recall: (question: string): Key => ({ pk: `QUESTION#${question}`, sk: 'RECALL' }),
  /** What the triggers count. */
  trainingProgress: (): Key => ({ pk: 'TRAINING', sk: 'PROGRESS' }),
  /** What the last runs left for the next one. */
  trainingState: (): Key => ({ pk: 'TRAINING', sk: 'STATE' }),
  /** What seals cursors. */
  cursorKey: (): Key => ({ pk: 'CURSORS', sk: 'KEY' }),
  /** What an administrator did. All entries are one partition: people make them, one by one. */
  audit: (at: string, id: string): Key => ({ pk: 'AUDIT', sk: `${at}#${id}` }),
  /** Figures of an account, or of all, in one hour, on one day, or of all time. */
  figures: (account: string, period: string): Key => ({ pk: `FIGURES#${account}`, sk: `PERIOD#${period}` }),
  /** That a task was counted in the figures: when it was posted, ended or settled. */
  counted: (taskId: string, moment: string): Key => ({ pk: `TASK#${taskId}`, sk: `COUNTED#${moment}` }),
  /** Requests of one caller in one window of time. */
  requests: (caller: string, window: number): Key => ({ pk: `REQUESTS#${caller}`, sk: `WINDOW#${window}` }),
  /** Logins from one address, to one account or to all, by a hash of both. */
  loginAttempts: (hash: string): Key => ({ pk: `LOGINS#${hash}`, sk: 'LOGINS' }),
  /** An event of one reader, numbered from 1. */
  event: (userId: string, id: number): Key => ({
    pk: `EVENTS#${userId}`,
    sk: `${EVENT_PREFIX}${String(id).padStart(12, '0')}`,
  }),
  /** The number of the newest event of a reader, for when all of them have expired. */
  newestEvent: (userId: string): Key => ({ pk: `EVENTS#${userId}`, sk: 'NEWEST' }),
  /** A ticket for a live connection, by its hash. */
  liveTicket: (hash: string): Key => ({ pk: `TICKET#${hash}`, sk: 'TICKET' }),
  /** A live connection, by its id: to find its user. */
  liveConnection: (connectionId: string): Key => ({ pk: `CONNECTION#${connectionId}`, sk: 'CONNECTION' }),
  /** The same connection, in the partition of its user. */
  userConnection: (userId: string, connectionId: string): Key => ({
    pk: `LIVE#${userId}`,
    sk: `${CONNECTION_PREFIX}${connectionId}`,
  }),
  /** Verdicts of one day, of one agent or of all. */
  agentDay: (agentId: string, date: string): Key => ({ pk: `AGENT#${agentId}`, sk: `DAY#${date}` }),
} as const;

export const VERSION_PREFIX = 'VERSION#';
export const EVENT_PREFIX = 'EVENT#';
export const CONNECTION_PREFIX = 'CONNECTION#';
export const DAY_PREFIX = 'DAY#';
/** Stands in the place of an agent's id where all of them are counted; no agent can have it. */
export const ALL_AGENTS = '*';

export const ENTRY_PREFIX = 'ENTRY#';
export const USE_PREFIX = 'USE#';

/** Secondary indexes: partition and sort attribute are `<name>pk` and `<name>sk`. */
export const INDEXES = {
  /** What one user owns, newest first: tasks, files, results. */
  owner: 'gsi1',
  /** What one agent was given, newest first (people and programs; Duke MM's would be a hot partition). */
  worker: 'gsi2',
  /** All tasks, in shards, newest first: for admins. */
  all: 'gsi3',
  /** What must happen by a time, in shards: deadlines and ends of review. Sparse. */
  due: 'gsi4',
  /** Agents that take tasks, by the kinds they take, best reputation first. Holds whole items. Sparse. */
  available: 'gsi5',
} as const;
export type IndexName = keyof typeof INDEXES;
/** Indexes that hold whole items, so that one query reads them; the others hold keys only. */
export const FULL_INDEXES: ReadonlySet<IndexName> = new Set(['available']);

const newest = (createdAt: string, id: string): string => `${createdAt}#${id}`;
export const indexKeys = {
  ownedTask: (buyerId: string, at: string, id: string): Key => ({
    pk: `USER#${buyerId}#TASKS`,
    sk: newest(at, id),
  }),
  ownedFile: (ownerId: string, at: string, id: string): Key => ({
    pk: `USER#${ownerId}#FILES`,
    sk: newest(at, id),
  }),
  ownedResult: (buyerId: string, at: string, id: string): Key => ({
    pk: `USER#${buyerId}#RESULTS`,
    sk: newest(at, id),
  }),
  workedTask: (agentId: string, at: string, id: string): Key => ({
    pk: `AGENT#${agentId}#TASKS`,
    sk: newest(at, id),
  }),
  assignment: (agentId: string, at: string, taskId: string): Key => ({
    pk: `AGENT#${agentId}#ASSIGNMENTS`,
    sk: newest(at, taskId),
  }),
  workedResult: (agentId: string, at: string, id: string): Key => ({
    pk: `AGENT#${agentId}#RESULTS`,
    sk: newest(at, id),
  }),
  allTasks: (shard: number, at: string, id: string): Key => ({ pk: `TASKS#${shard}`, sk: newest(at, id) }),
  allResults: (shard: number, at: string, id: string): Key => ({
    pk: `RESULTS#${shard}`,
    sk: newest(at, id),
  }),
  /** @param kinds that the agent takes; each set of kinds is a partition */
  availableAgent: (kinds: readonly string[], reputationBp: number, id: string): Key => ({
    pk: `AGENTS#${[...kinds].sort().join('+')}`,
    sk: `${String(reputationBp).padStart(6, '0')}#${id}`,
  }),
  /** Users of one role, newest first. */
  user: (role: string, at: string, id: string): Key => ({ pk: `USERS#${role}`, sk: newest(at, id) }),
  run: (at: string, id: string): Key => ({ pk: 'RUNS', sk: newest(at, id) }),
  /** Uploads that the inspection has not read yet. */
  pendingFile: (shard: number, at: string, id: string): Key => ({
    pk: `PENDING#${shard}`,
    sk: newest(at, id),
  }),
  dueTask: (shard: number, dueAt: string, id: string): Key => ({ pk: `DUE#${shard}`, sk: newest(dueAt, id) }),
  /** A due task that could not be ended, out of the way of the others, under its old sort key. */
  asideTask: (shard: number, dueAt: string, id: string): Key => ({
    pk: `ASIDE#${shard}`,
    sk: newest(dueAt, id),
  }),
} as const;

/** `FILE#<id>` → the id. */
export const parseFileKey = (pk: string): string | undefined => /^FILE#(.+)$/.exec(pk)?.[1];
/** `USER#<id>` → the id. */
export const parseUserKey = (pk: string): string | undefined => /^USER#(.+)$/.exec(pk)?.[1];
/** `TASK#<id>` → the id. */
export const parseTaskKey = (pk: string): string | undefined => /^TASK#(.+)$/.exec(pk)?.[1];

/** Deterministic ids of movements: a permanent conditional put on one makes it happen once, however late a replay is. */
export const movementIds = {
  hold: (taskId: string): string => `HOLD#${taskId}`,
  settle: (taskId: string): string => `SETTLE#${taskId}`,
  /** The part of the price that returns when a task moves to a cheaper agent. */
  reduce: (taskId: string, attempt: number): string => `REDUCE#${taskId}#${attempt}`,
  deposit: (userId: string, id: string): string => `DEPOSIT#${userId}#${id}`,
  withdrawal: (userId: string, id: string): string => `WITHDRAWAL#${userId}#${id}`,
  /** Without the user: the same request for another user is another body under one key. */
  credit: (id: string): string => `CREDIT#${id}`,
} as const;

export const accounts = {
  available: (userId: string): string => `user:${userId}:available`,
  held: (userId: string): string => `user:${userId}:held`,
  dukeMM: 'agent:duke-mm',
  external: (provider: string): string => `external:${provider}`,
} as const;

/** `user:<id>:available|held` → its parts; undefined for accounts that are nobody's wallet. */
export function parseUserAccount(
  account: string,
): { userId: string; side: 'available' | 'held' } | undefined {
  const match = /^user:([^:]+):(available|held)$/.exec(account);
  return match?.[1] ? { userId: match[1], side: match[2] === 'held' ? 'held' : 'available' } : undefined;
}

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

export const stackNames = {
  data: (stage: string): string => `DukeNET-${stage}-data`,
  app: (stage: string): string => `DukeNET-${stage}-app`,
  serving: (stage: string): string => `DukeNET-${stage}-serving`,
  edge: (stage: string): string => `DukeNET-${stage}-edge`,
} as const;
/** Of a stage: its state machine, and the training and the processing job of one run (63 characters at most). */
export const trainingMachineName = (stage: string): string => `dukenet-${stage}-training`;
export const jobName = (stage: string, runId: string): string => `dukenet-${stage}-${runId}`;
/** Name of the SageMaker endpoint of a stage. */
export const endpointName = (stage: string): string => `dukenet-${stage}-duke-mm`;
