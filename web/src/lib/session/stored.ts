/** Keys that survive signing out: the appearance. */
const OF_NOBODY = /^mantine-/;

/** Removes stored input of the user who signs out: drafts, unsent corrections. */
export function forgetStored(): void {
  for (const storage of [sessionStorage, localStorage]) {
    for (const key of Object.keys(storage)) if (!OF_NOBODY.test(key)) storage.removeItem(key);
  }
}
