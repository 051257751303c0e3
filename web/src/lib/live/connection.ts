import type { Schemas } from '../../../../client/typescript/src/types.ts';

export type LiveEvent = Schemas['Event'];
type Ticket = Schemas['LiveTicket'];
type EventPage = Schemas['EventPage'];

export interface LiveOptions {
  readonly getTicket: () => Promise<Ticket>;
  readonly listEvents: (after: number) => Promise<EventPage>;
  readonly openSocket: (url: string) => WebSocket;
  /** Called for each event, at least once. */
  readonly onEvent: (event: LiveEvent) => void;
  /** Called when missed events can no longer be listed, and when the connection is lost. */
  readonly onUncertain: () => void;
}

const FIRST_RETRY_MS = 1_000;
const MAX_RETRY_MS = 30_000;

/**
 * Keeps one WebSocket open. On each connection, and when the number of an event shows a gap, it lists the missed
 * events.
 */
export class LiveConnection {
  readonly #options: LiveOptions;
  #socket: WebSocket | undefined;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #failures = 0;
  #stopped = false;
  /** Number of the newest event up to which all are known; undefined before the first connection. */
  #known: number | undefined;
  #catchingUp: Promise<void> | undefined;

  constructor(options: LiveOptions) {
    this.#options = options;
    void this.#connect();
  }

  isOpen(): boolean {
    return this.#socket?.readyState === WebSocket.OPEN;
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#retry);
    this.#socket?.close();
  }

  async #connect(): Promise<void> {
    try {
      const { url, ticket, last_event_id } = await this.#options.getTicket();
      if (this.#stopped) return;
      this.#known ??= last_event_id;
      this.#listen(this.#options.openSocket(`${url}?ticket=${encodeURIComponent(ticket)}`));
    } catch {
      // No connection or no session: pages poll meanwhile.
      this.#connectLater();
    }
  }

  #listen(socket: WebSocket): void {
    this.#socket = socket;
    socket.addEventListener('open', () => {
      this.#failures = 0;
      void this.#catchUp();
    });
    socket.addEventListener('message', ({ data }) => {
      this.#receive(JSON.parse(String(data)) as LiveEvent);
    });
    socket.addEventListener('close', () => {
      if (this.#stopped) return;
      this.#options.onUncertain();
      this.#connectLater();
    });
  }

  #connectLater(): void {
    if (this.#stopped) return;
    const wait = Math.min(MAX_RETRY_MS, FIRST_RETRY_MS * 2 ** this.#failures);
    this.#failures += 1;
    this.#retry = setTimeout(() => void this.#connect(), wait * (0.5 + Math.random() / 2));
  }

  #receive(event: LiveEvent): void {
    this.#options.onEvent(event);
    if (this.#known !== undefined && event.id === this.#known + 1) this.#known = event.id;
    else if (event.id > (this.#known ?? 0)) void this.#catchUp();
  }

  /** One at a time; the next event or connection makes up for a failure. */
  #catchUp(): Promise<void> {
    return (this.#catchingUp ??= this.#listMissed()
      .catch(this.#options.onUncertain)
      .finally(() => {
        this.#catchingUp = undefined;
      }));
  }

  async #listMissed(): Promise<void> {
    for (let more = true; more && !this.#stopped;) {
      const page = await this.#options.listEvents(this.#known ?? 0);
      if (page.gap) this.#options.onUncertain();
      page.items.forEach(this.#options.onEvent);
      this.#known = page.next_after;
      more = page.more;
    }
  }
}
