import { day, padded } from './segments.ts';
import { shardOf } from './shards.ts';

/** Primary key of an item in the table. */
export interface Key {
  readonly pk: string;
  readonly sk: string;
}

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

/** `FILE#<id>` → the id. */
export const parseFileKey = (pk: string): string | undefined => /^FILE#(.+)$/.exec(pk)?.[1];

/** `USER#<id>` → the id. */
export const parseUserKey = (pk: string): string | undefined => /^USER#(.+)$/.exec(pk)?.[1];

/** `TASK#<id>` → the id. */
export const parseTaskKey = (pk: string): string | undefined => /^TASK#(.+)$/.exec(pk)?.[1];
