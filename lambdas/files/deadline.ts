import { Unreadable } from '../shared/tables/unreadable.ts';

/** Time in which the structure of a medium is read, once its bytes are there; ordinary files take a tenth of it. */
const PARSE_MS = 5_000;

/** A check that throws once the time for reading one file is over. */
export function deadline(ms = PARSE_MS): () => void {
  const end = performance.now() + ms;
  return () => {
    if (performance.now() > end) throw new Unreadable('The file takes too long to read.');
  };
}
