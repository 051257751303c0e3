import { MAX_UNUSABLE_ENTRIES } from '../../../contracts/learning/unusable.ts';
import type { UnusableData, UnusableEntry } from '../../../contracts/learning/unusable.ts';

/** Counts outcomes that a step could not use. The Python counterpart is `Unusable`. */
export class UnusableCounter {
  /** Outcomes that the step read, usable or not. */
  ofOutcomes = 0;
  private outcomes = 0;
  private readonly byReason = new Map<string, UnusableEntry>();

  /** @param family null if the line does not name it */
  add(family: string | null, reason: string): void {
    this.outcomes += 1;
    const key = JSON.stringify([family, reason]);
    const count = (this.byReason.get(key)?.count ?? 0) + 1;
    this.byReason.set(key, { what: 'outcomes', family, count, reason: reason.slice(0, 300) });
  }

  report(families: number): UnusableData {
    const entries = [...this.byReason.values()].sort((a, b) => b.count - a.count);
    return {
      outcomes: this.outcomes,
      of_outcomes: this.ofOutcomes,
      families: 0,
      of_families: families,
      entries: entries.slice(0, MAX_UNUSABLE_ENTRIES),
    };
  }
}
