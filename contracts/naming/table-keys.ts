import { day, padded } from './segments.ts';
import { shardOf } from './shards.ts';

/** Primary key of an item in the table. */
export interface Key {
  readonly pk: string;
  readonly sk: string;
}

/** Takes the place of the assignment number in drafts of a review. */
export const REVIEW_ATTEMPT = 0;

/** Sort key prefix of the drafts of one assignment. */
export const draftPrefix = (attempt: number): string => `DRAFT#${attempt}#`;

export const keys = {
  user: (id: string): Key => ({ pk: `USER#${id}`, sk: 'PROFILE' }),
  /** A registration request, so that a retry finds the account it created. */
  registration: (userId: string, requestId: string): Key => ({
    pk: `USER#${userId}`,
    sk: `REGISTRATION#${requestId}`,
  }),
  agentName: (name: string): Key => ({ pk: `AGENTNAME#${name}`, sk: 'NAME' }),
  /** A login session and its start. */
  session: (originJti: string): Key => ({ pk: `SESSION#${originJti}`, sk: 'SESSION' }),
  /** A session that was logged out, stored until its access token would have expired. */
  denied: (originJti: string): Key => ({ pk: `DENIED#${originJti}`, sk: 'DENIED' }),
  file: (id: string): Key => ({ pk: `FILE#${id}`, sk: 'FILE' }),
  fileUse: (id: string, taskId: string): Key => ({ pk: `FILE#${id}`, sk: `USE#${taskId}` }),
  task: (id: string): Key => ({ pk: `TASK#${id}`, sk: 'TASK' }),
  /**
   * @param attempt number of the assignment, from 2; absent for the first
   */
  chunk: (taskId: string, chunk: number, attempt?: number): Key => ({
    pk: `TASK#${taskId}`,
    sk: `CHUNK#${padded(chunk)}${attempt === undefined ? '' : `#${attempt}`}`,
  }),
  /** An agent's answers to one chunk, before submission is complete. */
  draft: (taskId: string, attempt: number, chunk: number): Key => ({
    pk: `TASK#${taskId}`,
    sk: `${draftPrefix(attempt)}${padded(chunk)}`,
  }),
  quote: (id: string): Key => ({ pk: `QUOTE#${id}`, sk: 'QUOTE' }),
  /** Exists once an agent was assigned the task: no agent gets a task twice. */
  assignment: (agentId: string, taskId: string): Key => ({
    pk: `AGENT#${agentId}`,
    sk: `ASSIGNMENT#${taskId}`,
  }),
  trainingShard: (taskId: string): Key => ({ pk: `TASK#${taskId}`, sk: 'OUTCOMES' }),
  judged: (taskId: string): Key => ({ pk: `TASK#${taskId}`, sk: 'JUDGED' }),
  /** Marks that the verdict was counted for the reviewing agent. */
  judgedReview: (taskId: string): Key => ({ pk: `TASK#${taskId}`, sk: 'JUDGED#REVIEW' }),
  result: (id: string): Key => ({ pk: `RESULT#${id}`, sk: 'RESULT' }),
  /** Sorts after its entries, so that a page of entries before a cursor never includes it. */
  wallet: (userId: string): Key => ({ pk: `WALLET#${userId}`, sk: 'WALLET' }),
  walletEntry: (userId: string, at: string, id: string): Key => ({
    pk: `WALLET#${userId}`,
    sk: `ENTRY#${at}#${id}`,
  }),
  /** Entries of accounts that every task touches: append-only, partitioned by day and shard. */
  accountEntry: (account: string, at: string, id: string): Key => ({
    pk: `ACCOUNT#${account}#${day(at)}#${shardOf(id)}`,
    sk: `ENTRY#${at}#${id}`,
  }),
  movement: (movementId: string): Key => ({ pk: `MOVEMENT#${movementId}`, sk: 'MOVEMENT' }),
  agentStats: (agentId: string): Key => ({ pk: `AGENT#${agentId}`, sk: 'STATS' }),
  agentProfile: (agentId: string): Key => ({ pk: `AGENT#${agentId}`, sk: 'PROFILE' }),
  /** Judged work of one agent in one family. The agents of a family share a partition. */
  familyRecord: (family: string, agentId: string): Key => ({
    pk: `FAMILY#${family}`,
    sk: `AGENT#${agentId}`,
  }),
  modelVersion: (version: string): Key => ({
    pk: 'MODEL#duke-mm',
    sk: `VERSION#${version.padStart(9, '0')}`,
  }),
  routing: (): Key => ({ pk: 'MODEL#duke-mm', sk: 'ROUTING' }),
  /** The highest version number assigned to a run. */
  lastVersion: (): Key => ({ pk: 'VERSIONS#duke-mm', sk: 'LAST' }),
  promotion: (revision: number): Key => ({
    pk: 'PROMOTIONS#duke-mm',
    sk: `PROMOTION#${String(revision).padStart(9, '0')}`,
  }),
  /** A version in shadow beside the one in production; a candidate has one of each purpose at most. */
  shadowTrial: (purpose: string, candidate: string): Key => ({
    pk: 'TRIALS#duke-mm',
    sk: `TRIAL#${candidate.padStart(9, '0')}#${purpose}`,
  }),
  /** The candidate of the newest trial of each purpose. */
  newestTrials: (): Key => ({ pk: 'TRIALS#duke-mm', sk: 'NEWEST' }),
  /** What the verdicts of one buyer have contributed to a trial. */
  trialBuyer: (purpose: string, candidate: string, buyerId: string): Key => ({
    pk: `TRIAL#${candidate}#${purpose}`,
    sk: `BUYER#${buyerId}`,
  }),
  /** Marks that the verdict on a task was counted in a trial. */
  trialCounted: (taskId: string, purpose: string, candidate: string): Key => ({
    pk: `TASK#${taskId}`,
    sk: `TRIAL#${candidate}#${purpose}`,
  }),
  run: (id: string): Key => ({ pk: `RUN#${id}`, sk: 'RUN' }),
  /** A trigger of a training run; a repeated trigger has the same key and starts one run. */
  trigger: (key: string): Key => ({ pk: `TRIGGER#${key}`, sk: 'TRIGGER' }),
  trainingLock: (): Key => ({ pk: 'TRAINING', sk: 'LOCK' }),
  /** Confirmed items of one question. */
  recall: (question: string): Key => ({ pk: `QUESTION#${question}`, sk: 'RECALL' }),
  /** Counters that the triggers use. */
  trainingProgress: (): Key => ({ pk: 'TRAINING', sk: 'PROGRESS' }),
  /** State passed from one run to the next. */
  trainingState: (): Key => ({ pk: 'TRAINING', sk: 'STATE' }),
  /** Key that signs cursors. */
  cursorKey: (): Key => ({ pk: 'CURSORS', sk: 'KEY' }),
  /** An action of an administrator. One partition, because people write these one by one. */
  audit: (at: string, id: string): Key => ({ pk: 'AUDIT', sk: `${at}#${id}` }),
  /** Figures of one account or of all, for one hour, one day or all time. */
  figures: (account: string, period: string): Key => ({ pk: `FIGURES#${account}`, sk: `PERIOD#${period}` }),
  /** Marks that a task was counted in the figures when it was posted, ended or settled. */
  counted: (taskId: string, moment: string): Key => ({ pk: `TASK#${taskId}`, sk: `COUNTED#${moment}` }),
  /** The number of tasks that are not settled, by status. */
  openTasks: (): Key => ({ pk: 'FIGURES', sk: 'OPEN' }),
  /** What a task adds to the number of open tasks. */
  openTask: (taskId: string): Key => ({ pk: `TASK#${taskId}`, sk: 'OPEN' }),
  /** Number of requests of one caller in one time window. */
  requests: (caller: string, window: number): Key => ({ pk: `REQUESTS#${caller}`, sk: `WINDOW#${window}` }),
  /** Failed logins from one address, for one account or for all, by a hash of both. */
  loginAttempts: (hash: string): Key => ({ pk: `LOGINS#${hash}`, sk: 'LOGINS' }),
  /** An event in the log of one user, numbered from 1. */
  event: (userId: string, id: number): Key => ({
    pk: `EVENTS#${userId}`,
    sk: `${EVENT_PREFIX}${String(id).padStart(12, '0')}`,
  }),
  /** The number of a user's newest event, kept after the events expire. */
  newestEvent: (userId: string): Key => ({ pk: `EVENTS#${userId}`, sk: 'NEWEST' }),
  /** A ticket for a live connection, by its hash. */
  liveTicket: (hash: string): Key => ({ pk: `TICKET#${hash}`, sk: 'TICKET' }),
  /** A live connection by its id, to find its user. */
  liveConnection: (connectionId: string): Key => ({ pk: `CONNECTION#${connectionId}`, sk: 'CONNECTION' }),
  /** The same connection in the partition of its user. */
  userConnection: (userId: string, connectionId: string): Key => ({
    pk: `LIVE#${userId}`,
    sk: `${CONNECTION_PREFIX}${connectionId}`,
  }),
  /** Which notices a user gets by e-mail. */
  notificationSettings: (userId: string): Key => ({ pk: `USER#${userId}`, sk: 'NOTIFICATIONS' }),
  /** That a notice was created once, kept after it was sent. */
  notice: (userId: string, id: string): Key => ({ pk: `NOTICES#${userId}`, sk: `CREATED#${id}` }),
  /** A notice that waits to be sent. */
  pendingNotice: (userId: string, id: string): Key => ({
    pk: `NOTICES#${userId}`,
    sk: `${PENDING_NOTICE_PREFIX}${id}`,
  }),
  /** Verdicts of one day, for one agent or for all. */
  agentDay: (agentId: string, date: string): Key => ({ pk: `AGENT#${agentId}`, sk: `DAY#${date}` }),
} as const;

export const VERSION_PREFIX = 'VERSION#';

export const EVENT_PREFIX = 'EVENT#';

export const CONNECTION_PREFIX = 'CONNECTION#';
export const PENDING_NOTICE_PREFIX = 'PENDING#';

export const DAY_PREFIX = 'DAY#';

/** Takes the place of an agent id where all agents are counted; no agent can have it. */
export const ALL_AGENTS = '*';

export const ENTRY_PREFIX = 'ENTRY#';

export const USE_PREFIX = 'USE#';

/** `FILE#<id>` → the id. */
export const parseFileKey = (pk: string): string | undefined => /^FILE#(.+)$/.exec(pk)?.[1];

/** `USER#<id>` → the id. */
export const parseUserKey = (pk: string): string | undefined => /^USER#(.+)$/.exec(pk)?.[1];

/** `TASK#<id>` → the id. */
export const parseTaskKey = (pk: string): string | undefined => /^TASK#(.+)$/.exec(pk)?.[1];
