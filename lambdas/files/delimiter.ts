const CANDIDATES = [',', ';', '\t', '|'];
/** Records are enough to tell, and little enough to hold. */
const RECORDS = 100;

/** How often each candidate stands outside quotes, record by record; the last record may be cut off and is left out. */
function countPerRecord(opening: string): number[][] {
  const records: number[][] = [];
  let counts = CANDIDATES.map(() => 0);
  let quoted = false;
  let empty = true;
  for (const char of opening) {
    if (char === '"') quoted = !quoted;
    if (!quoted && char === '\n') {
      if (!empty) records.push(counts);
      counts = CANDIDATES.map(() => 0);
      empty = true;
      if (records.length === RECORDS) break;
      continue;
    }
    if (char !== '\r') empty = false;
    const candidate = quoted ? -1 : CANDIDATES.indexOf(char);
    if (candidate >= 0) counts[candidate]! += 1;
  }
  if (records.length === 0 && !empty) records.push(counts);
  return records;
}

/**
 * The delimiter of a CSV from its opening: of those that stand in the header, the one whose number most records share,
 * and among equals the most frequent. A comma where none does: a table of one column.
 */
export function detectDelimiter(opening: string): string {
  const records = countPerRecord(opening);
  const header = records[0] ?? [];
  const scored = CANDIDATES.map((delimiter, i) => ({
    delimiter,
    inHeader: header[i] ?? 0,
    sharing: records.filter((counts) => counts[i] === header[i]).length,
  })).filter(({ inHeader }) => inHeader > 0);
  scored.sort((a, b) => b.sharing - a.sharing || b.inHeader - a.inHeader);
  return scored[0]?.delimiter ?? ',';
}
