import { createSavedStore, type Shelf } from './saved-store.ts';

export type { Saving } from './saved-store.ts';

/** In-memory fallback for browsers that block storage: nothing survives a reload. */
function shelfInMemory(): Shelf {
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

function shelf(): Shelf {
  try {
    return window.localStorage;
  } catch {
    return shelfInMemory(); // SecurityError: the user forbids this site to store anything
  }
}

export const saved = createSavedStore(shelf());
