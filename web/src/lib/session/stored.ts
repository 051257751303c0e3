/** Kept whoever is signed in: how the page looks. */
const OF_NOBODY = /^mantine-/;

/** Removes what pages have kept in this browser for the user who signs out: drafts, unsent corrections. */
export function forgetStored(): void {
  for (const storage of [sessionStorage, localStorage]) {
    for (const key of Object.keys(storage)) if (!OF_NOBODY.test(key)) storage.removeItem(key);
  }
}
