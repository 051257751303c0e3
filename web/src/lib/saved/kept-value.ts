import type { SavedStore, Saving } from './saved-store.ts';

/** How a value that a page keeps in this browser is stored, and read again. */
export interface ValueFormat<T> {
  /** Reads what was stored, by whatever version of the page; what it cannot read is empty. */
  readonly parse: (stored: unknown) => T;
  /** As JSON has it. */
  readonly serialize: (value: T) => unknown;
}

export interface KeptState<T> {
  readonly value: T;
  readonly saving: Saving;
}

/** Keeps one value of a user in this browser. Tabs share it: each change is made to what is stored. */
export function createValueKeeper<T>(
  store: SavedStore,
  userId: string,
  name: string,
  { parse, serialize }: ValueFormat<T>,
) {
  const stored = (): T => parse(store.read(userId, name));
  let state: KeptState<T> = { value: stored(), saving: 'kept' };
  const listeners = new Set<() => void>();
  const set = (next: KeptState<T>): void => {
    state = next;
    for (const listener of listeners) listener();
  };
  return {
    get: () => state,
    subscribe: (listener: () => void) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    /** Follows the other tabs. Returns how to stop. */
    listen: () => store.onOtherTab(userId, name, (value) => set({ value: parse(value), saving: 'kept' })),
    change: (make: (value: T) => T): void => {
      const value = make(state.saving === 'kept' ? stored() : state.value);
      set({ value, saving: store.write(userId, name, serialize(value)) });
    },
    clear: (): void => {
      store.remove(userId, name);
      set({ value: parse(undefined), saving: 'kept' });
    },
  };
}
