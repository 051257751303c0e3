export { DukeNet, type DukeNetOptions, type WaitOptions } from './client.ts';
export { ApiError, FileRejectedError, hasCode, TaskTimeoutError, type Problem } from './errors.ts';
export { DEFAULT_RETRIES, type RetryPolicy } from './retries.ts';
export type {
  AnswerOf,
  CallOptions,
  ItemOf,
  ListOperationId,
  OperationId,
  RequestOf,
  Schemas,
} from './types.ts';
export { putPart, sendParts, type PartPorts, type SendOptions } from './parts.ts';
export type { MediaType, Upload } from './uploads.ts';
