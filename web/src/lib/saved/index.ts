import { createSavedStore, shelfInMemory, type Shelf } from './saved-store.ts';

export type { Saving } from './saved-store.ts';

function shelf(): Shelf {
  try {
    return window.localStorage;
  } catch {
    return shelfInMemory(); // SecurityError: the user forbids this site to store anything
  }
}

export const saved = createSavedStore(shelf());
