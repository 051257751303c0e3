import { FileRejectedError, TaskTimeoutError, unwrap } from './errors.ts';
import { createHttp, type Http } from './http.ts';
import { OPERATIONS, type OperationRoute } from './operations.ts';
import { itemsOfPages, PAGE_LIMIT } from './pages.ts';
import { DEFAULT_RETRIES, sleep, withRetries, type RetryPolicy } from './retries.ts';
import { Session } from './session.ts';
import { authorizedFetch } from './tokens.ts';
import type {
  AnswerOf,
  CallOptions,
  ItemOf,
  ListOperationId,
  LooseRequest,
  OperationId,
  Page,
  RequestOf,
  Schemas,
} from './types.ts';
import { pollDelays } from './polling.ts';
import { putPart, sendParts, type PartPorts, type SendOptions } from './parts.ts';
import { blobOf, sendToStorage, type Upload } from './uploads.ts';

export interface DukeNetOptions {
  /** For example `http://localhost:8000`. */
  readonly baseUrl: string;
  readonly retries?: RetryPolicy;
  /** Sends one request. Default: the global `fetch`. */
  readonly fetch?: (request: Request) => Promise<Response>;
}

export interface WaitOptions {
  /** Default: ten minutes. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
  /** Called with the task each time it is read. */
  readonly onUpdate?: (task: Schemas['Task']) => void;
}

const WAIT_TIMEOUT_MS = 10 * 60_000;
const INSPECTION_TIMEOUT_MS = 2 * 60_000;
/** Maximum `Prefer: wait` of the API, in seconds. */
const MAX_SERVER_WAIT_S = 25;

const IS_UNFINISHED: Readonly<Record<Schemas['TaskStatus'], boolean>> = {
  created: true,
  assigned: true,
  executing: true,
  completed: false,
  failed: false,
  cancelled: false,
};

/**
 * A client of DukeNET. It adds the access token and renews it, sends an `Idempotency-Key` where the API accepts one,
 * and retries where that is safe: after 429 and 503, and after a lost response to a GET or to a request with a key.
 */
export class DukeNet {
  /** The API by paths, for what `call` does not cover. */
  readonly http: Http;
  readonly #send: (request: Request) => Promise<Response>;
  readonly #retries: RetryPolicy;
  readonly #session: Session;

  constructor({
    baseUrl,
    retries = DEFAULT_RETRIES,
    fetch: send = (request) => fetch(request),
  }: DukeNetOptions) {
    this.#send = send;
    this.#retries = retries;
    const url = baseUrl.replace(/\/$/, '');
    this.#session = new Session((refresh_token) => {
      // Without the session, which would wait for this very renewal.
      const http = createHttp(url, send);
      return withRetries(() => unwrap(http.POST('/api/v2/auth/refresh', { body: { refresh_token } })), {
        repeatable: false,
        policy: retries,
      });
    });
    this.http = createHttp(url, authorizedFetch(this.#session, send));
  }

  /** Signs in; later requests carry the token, and it is renewed until `logout`. */
  async login(email: string, password: string): Promise<this> {
    this.#session.close();
    this.#session.open(await this.call('login', { body: { email, password } }));
    return this;
  }

  /** Uses an access token from elsewhere, which is not renewed; undefined signs this client out. */
  useToken(accessToken: string | undefined): this {
    if (accessToken === undefined) this.#session.close();
    else this.#session.use(accessToken);
    return this;
  }

  /** The access token in use, for requests outside of this client. */
  get accessToken(): string | undefined {
    return this.#session.current()?.accessToken;
  }

  /** Ends the session on the server as well. */
  async logout(): Promise<void> {
    const refresh_token = this.#session.refreshToken;
    await this.call('logout', { body: refresh_token === undefined ? {} : { refresh_token } });
    this.#session.close();
  }

  /** Calls an operation by its `operationId`. @throws ApiError on any response other than the documented success */
  async call<K extends OperationId>(id: K, request: RequestOf<K>): Promise<AnswerOf<K>> {
    const route: OperationRoute = OPERATIONS[id];
    const { params = {}, query = {}, body, headers = {}, signal, idempotencyKey } = request as LooseRequest;
    const key = idempotencyKey ?? crypto.randomUUID(); // the same for all attempts
    const init = {
      params: { path: params, query },
      headers: { ...(route.idempotent && { 'Idempotency-Key': key }), ...headers },
      ...(body !== undefined && { body }),
      ...(signal && { signal }),
    };
    // Method and path belong together by OPERATIONS, which the type of `request` cannot express.
    const send = this.http.request as unknown as (
      method: string,
      path: string,
      init: object,
    ) => Promise<{ data?: AnswerOf<K>; error?: unknown; response: Response }>;
    const attempt = (): Promise<AnswerOf<K>> => unwrap(send(route.method.toLowerCase(), route.path, init));
    return withRetries(attempt, {
      repeatable: route.method === 'GET' || route.idempotent === true,
      policy: this.#retries,
      ...(signal && { signal }),
    });
  }

  /** All items of a list: `for await (const task of duke.items('listTasks', {}))`. Pages are read as they are needed. */
  items<K extends ListOperationId>(id: K, request: RequestOf<K>): AsyncGenerator<ItemOf<K>, void, undefined> {
    const { query, ...rest } = request as LooseRequest;
    return itemsOfPages(async (cursor) => {
      const page = { limit: PAGE_LIMIT, ...query, ...(cursor !== undefined && { cursor }) };
      return (await this.call(id, { ...rest, query: page } as unknown as RequestOf<K>)) as Page<ItemOf<K>>;
    });
  }

  /** Posts a task and waits for its end; whether it is `completed` or `failed` is in its status. */
  async createAndWait(
    body: Schemas['CreateTask'],
    options: WaitOptions & Pick<CallOptions, 'idempotencyKey'> = {},
  ): Promise<Schemas['Task']> {
    const { timeoutMs = WAIT_TIMEOUT_MS, signal, idempotencyKey } = options;
    const until = Date.now() + timeoutMs;
    const wait = Math.min(MAX_SERVER_WAIT_S, Math.floor(timeoutMs / 1000));
    const task = await this.call('createTask', {
      body,
      ...(wait >= 1 && { headers: { Prefer: `wait=${wait}` } }),
      ...(signal && { signal }),
      ...(idempotencyKey !== undefined && { idempotencyKey }),
    });
    options.onUpdate?.(task);
    if (!IS_UNFINISHED[task.status]) return task;
    return this.waitForTask(task.id, { ...options, timeoutMs: until - Date.now() });
  }

  /** Waits until a task has ended. @throws TaskTimeoutError */
  async waitForTask(taskId: string, options: WaitOptions = {}): Promise<Schemas['Task']> {
    const { timeoutMs = WAIT_TIMEOUT_MS, signal, onUpdate } = options;
    const until = Date.now() + timeoutMs;
    for (const delay of pollDelays()) {
      const task = await this.call('getTask', { params: { task_id: taskId }, ...(signal && { signal }) });
      onUpdate?.(task);
      if (!IS_UNFINISHED[task.status]) return task;
      if (Date.now() + delay > until) break;
      await sleep(delay, signal);
    }
    throw new TaskTimeoutError(taskId, timeoutMs);
  }

  /** Announces a file and uploads its bytes, above 25 MB in parts, which starts its inspection. */
  async sendFile(upload: Upload, options: SendOptions = {}): Promise<Schemas['File']> {
    const blob = blobOf(upload);
    const { filename, content_type } = upload;
    const {
      file,
      upload: target,
      multipart,
    } = await this.call('uploadFile', {
      body: { filename, content_type, size_bytes: blob.size },
    });
    if (multipart) return this.resumeFile(file.id, upload, options);
    // The form allows one key, so uploading twice has the same effect as once.
    await withRetries(() => sendToStorage(target, { filename, blob }, this.#send), {
      repeatable: true,
      policy: this.#retries,
    });
    return file;
  }

  /**
   * Sends the parts of an announced file that have not arrived, and completes it: after a dropped connection, or in another
   * process. @throws ApiError @throws the reason of the signal
   */
  async resumeFile(fileId: string, upload: Upload, options: SendOptions = {}): Promise<Schemas['File']> {
    const ports: PartPorts = {
      list: () => this.call('listParts', { params: { file_id: fileId } }),
      sign: (parts) =>
        withRetries(() => this.call('signParts', { params: { file_id: fileId }, body: { parts } }), {
          repeatable: true,
          policy: this.#retries,
        }),
      put: (part, bytes) =>
        withRetries(() => putPart(part, bytes, this.#send), {
          repeatable: true,
          policy: this.#retries,
          ...(options.signal && { signal: options.signal }),
        }),
    };
    await sendParts(blobOf(upload), ports, options);
    // Repeated after a lost answer it finds the upload completed.
    return withRetries(() => this.call('completeUpload', { params: { file_id: fileId } }), {
      repeatable: true,
      policy: this.#retries,
    });
  }

  /** Uploads a file and waits until tasks can use it. @throws FileRejectedError @throws Error on timeout */
  async upload(
    upload: Upload,
    options: SendOptions & { readonly timeoutMs?: number } = {},
  ): Promise<Schemas['File']> {
    return this.waitForFile((await this.sendFile(upload, options)).id, options);
  }

  /** Waits for the inspection of a file. @throws FileRejectedError @throws Error on timeout */
  async waitForFile(
    fileId: string,
    { timeoutMs = INSPECTION_TIMEOUT_MS }: { readonly timeoutMs?: number } = {},
  ): Promise<Schemas['File']> {
    const until = Date.now() + timeoutMs;
    for (const delay of pollDelays()) {
      const file = await this.call('getFile', { params: { file_id: fileId } });
      if (file.status === 'ready') return file;
      if (file.status === 'rejected') throw new FileRejectedError(file);
      if (Date.now() + delay > until) break;
      await sleep(delay);
    }
    throw new Error(`File ${fileId} was not inspected within ${timeoutMs / 1000} s.`);
  }
}
