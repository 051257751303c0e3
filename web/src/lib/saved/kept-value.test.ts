import { expect, it } from 'vitest';
import { createValueKeeper, type ValueFormat } from './kept-value.ts';
import { MAX_RECORD_CHARACTERS, type SavedStore } from './saved-store.ts';

const NUMBERS: ValueFormat<readonly number[]> = {
  parse: (stored) => (Array.isArray(stored) ? stored.filter((one) => typeof one === 'number') : []),
  serialize: (value) => value,
};

/** A store whose other tab the test is. */
function sharedStore(limit = MAX_RECORD_CHARACTERS) {
  const records = new Map<string, string>();
  let hear: ((value: unknown) => void) | undefined;
  const store: SavedStore = {
    open: () => undefined,
    read: (_user, name) => {
      const text = records.get(name);
      return text === undefined ? undefined : (JSON.parse(text) as unknown);
    },
    write: (_user, name, value) => {
      const text = JSON.stringify(value);
      if (text.length > limit) return 'too_large';
      records.set(name, text);
      return 'kept';
    },
    remove: (_user, name) => void records.delete(name),
    onOtherTab: (_user, _name, listener) => {
      hear = listener;
      return () => (hear = undefined);
    },
  };
  return { store, records, fromOtherTab: (value: unknown) => hear?.(value) };
}
const keeperOf = (store: SavedStore) => createValueKeeper(store, 'u', 'numbers', NUMBERS);

it('applies each change to the value that another tab has stored meanwhile', () => {
  const { store } = sharedStore();
  const [here, there] = [keeperOf(store), keeperOf(store)];
  here.change((all) => [...all, 1]);
  there.change((all) => [...all, 2]);
  here.change((all) => [...all, 3]);
  expect(here.get().value).toEqual([1, 2, 3]);
  expect(keeperOf(store).get()).toEqual({ value: [1, 2, 3], saving: 'kept' });
});

it('continues in memory if storing fails, and reports it', () => {
  const { store } = sharedStore(8);
  const keeper = keeperOf(store);
  for (const one of [1, 2, 3, 4, 5]) keeper.change((all) => [...all, one]);
  expect(keeper.get()).toEqual({ value: [1, 2, 3, 4, 5], saving: 'too_large' });
});

it('follows other tabs while it listens, and ignores unknown values', () => {
  const { store, fromOtherTab } = sharedStore();
  const keeper = keeperOf(store);
  const stop = keeper.listen();
  fromOtherTab([7, 'x', null]);
  expect(keeper.get().value).toEqual([7]);
  stop();
  fromOtherTab([8]);
  expect(keeper.get().value).toEqual([7]);
});

it('deletes the value in every tab', () => {
  const { store, records } = sharedStore();
  const keeper = keeperOf(store);
  keeper.change(() => [1]);
  keeper.clear();
  expect(keeper.get().value).toEqual([]);
  expect(records.size).toBe(0);
});
