/**
 * Unsent input of a user, stored in this browser: per user, versioned, and bounded in size, number and age. It
 * survives a reload, an expired session and a second tab; signing out deletes it (docs/adr/0024).
 */

/** Version of the layout; records of other versions are deleted unread. */
const VERSION = 1;
const PREFIX = 'dukenet:';
const ROOT = `${PREFIX}${VERSION}:`;
/** Maximum size of one record as JSON. A browser gives a site about five million characters. */
export const MAX_RECORD_CHARACTERS = 2_000_000;
export const MAX_RECORDS = 30;
export const MAX_AGE_MS = 7 * 24 * 3_600_000;

interface SavedRecord {
  /** Milliseconds since the epoch. */
  at: number;
  value: unknown;
}

export type Saving = 'kept' | 'too_large' | 'refused';

/** The used part of `Storage`: tests substitute it, and a browser may not provide one. */
export type Shelf = Pick<Storage, 'getItem' | 'setItem' | 'removeItem' | 'key' | 'length'>;

export interface SavedStore {
  /**
   * Called when `userId` signs in: deletes records of other users, expired ones and those above the limits. Signing
   * out empties the storage (lib/session/stored.ts); from then until this call, late writes of other tabs are
   * refused.
   */
  open(userId: string): void;
  read(userId: string, name: string): unknown;
  write(userId: string, name: string, value: unknown): Saving;
  remove(userId: string, name: string): void;
  /**
   * Calls back with values that another tab has written, or undefined if it removed them. Returns a function that
   * stops.
   */
  onOtherTab(userId: string, name: string, listener: (value: unknown) => void): () => void;
}

const namesOf = (shelf: Shelf): string[] =>
  Array.from({ length: shelf.length }, (_, i) => shelf.key(i)).filter((name) => name !== null);

function parsed(text: string | null): SavedRecord | undefined {
  if (text === null) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && 'at' in value && typeof value.at === 'number'
      ? { at: value.at, value: 'value' in value ? value.value : undefined }
      : undefined;
  } catch {
    return undefined; // not written by this page: as if it were not there
  }
}

export function createSavedStore(shelf: Shelf, now: () => number = Date.now): SavedStore {
  const markerOf = (userId: string) => `${ROOT}${userId}`;
  const keyOf = (userId: string, name: string) => `${ROOT}${userId}:${name}`;

  const put = (name: string, text: string): Saving => {
    try {
      shelf.setItem(name, text);
      return 'kept';
    } catch {
      return 'too_large'; // QuotaExceededError is all that a write throws
    }
  };
  const recordsOf = (userId: string) =>
    namesOf(shelf)
      .filter((name) => name.startsWith(`${markerOf(userId)}:`))
      .map((name) => ({ name, at: parsed(shelf.getItem(name))?.at ?? 0 }))
      .sort((a, b) => b.at - a.at);

  return {
    open(userId) {
      const own = markerOf(userId);
      for (const name of namesOf(shelf))
        if (name.startsWith(PREFIX) && name !== own && !name.startsWith(`${own}:`)) shelf.removeItem(name);
      recordsOf(userId).forEach(({ name, at }, place) => {
        if (now() - at > MAX_AGE_MS || place >= MAX_RECORDS) shelf.removeItem(name);
      });
      put(own, '');
    },
    read(userId, name) {
      const record = parsed(shelf.getItem(keyOf(userId, name)));
      return record && now() - record.at <= MAX_AGE_MS ? record.value : undefined;
    },
    write(userId, name, value) {
      const text = JSON.stringify({ at: now(), value } satisfies SavedRecord);
      if (text.length > MAX_RECORD_CHARACTERS) return 'too_large';
      if (shelf.getItem(markerOf(userId)) === null) return 'refused'; // signed out meanwhile
      return put(keyOf(userId, name), text);
    },
    remove: (userId, name) => shelf.removeItem(keyOf(userId, name)),
    onOtherTab(userId, name, listener) {
      const hear = (event: StorageEvent) => {
        if (event.key === keyOf(userId, name)) listener(parsed(event.newValue)?.value);
      };
      window.addEventListener('storage', hear);
      return () => window.removeEventListener('storage', hear);
    },
  };
}

/** In-memory fallback for browsers that block storage: nothing survives a reload. */
export function shelfInMemory(): Shelf {
  const all = new Map<string, string>();
  return {
    get length() {
      return all.size;
    },
    key: (place) => [...all.keys()][place] ?? null,
    getItem: (name) => all.get(name) ?? null,
    setItem: (name, text) => void all.set(name, text),
    removeItem: (name) => void all.delete(name),
  };
}
