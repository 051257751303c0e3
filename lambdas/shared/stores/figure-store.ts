import { StoredFigures } from '../../../contracts/entities/figures.ts';
import type { FigureName } from '../../../contracts/entities/figures.ts';
import { keys } from '../../../contracts/naming.ts';
import { parseRecord } from './records.ts';
import type { Item, Table, Update } from './table.ts';

/** Changes of figures by name. */
export type FigureChanges = { readonly [N in FigureName]?: number };
export interface FiguresAt {
  /** The hour or day: `2026-03-01T09` or `2026-03-01`. */
  readonly period: string;
  readonly figures: StoredFigures;
}

export interface FigureStore {
  /** Figures of an account (`ALL_ACCOUNTS`: of all) from one period to another, oldest first. */
  between(account: string, from: string, to: string): Promise<FiguresAt[]>;
  /** All-time figures of several accounts, in their order; zero for an account without any. */
  totals(accounts: readonly string[]): Promise<StoredFigures[]>;
}

/** Maximum window, in hours or in days. */
const MAX_PERIODS = 1000;

const parse = (item: Item): StoredFigures => parseRecord(StoredFigures, item);

/** Adds to the figures of an account in one period (`TOTAL`: of all time). */
export const figureStep = (account: string, period: string, add: FigureChanges): Update => ({
  update: keys.figures(account, period),
  set: { entity: 'figures', period },
  add,
});

export const figureStore = (table: Table): FigureStore => ({
  async between(account, from, to) {
    const { pk } = keys.figures(account, '');
    // The range begins after its lower end; nothing sorts between a period and itself without its last character.
    const after = keys.figures(account, from).sk.slice(0, -1);
    const items = await table.query({ pk, after, upTo: keys.figures(account, to).sk, limit: MAX_PERIODS });
    return items
      .map((item) => ({ period: String(item['period']), figures: parse(item) }))
      .filter(({ period }) => period >= from);
  },
  async totals(accounts) {
    const items = await table.getMany(accounts.map((account) => keys.figures(account, TOTAL)));
    const byKey = new Map(items.map((item) => [item['pk'], parse(item)]));
    return accounts.map((account) => byKey.get(keys.figures(account, TOTAL).pk) ?? StoredFigures.parse({}));
  },
});

/** Sorts after all hours and days. */
export const TOTAL = 'TOTAL';
