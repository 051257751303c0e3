// @vitest-environment jsdom
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { forgetStored } from '../../lib/session/stored.ts';
import type { CreateTask } from '../../lib/api/types.ts';
import { createSavedStore } from '../../lib/saved/saved-store.ts';
import { createDraftKeeper } from './draft-keeper.ts';
import { newDraft, parseDraft, type SavedDraft } from './saved-draft.ts';
import { EMPTY_DRAFT } from './use-draft.ts';

const store = createSavedStore(localStorage);
const stored = () => parseDraft(store.read('ann', 'draft'));
const body = (description: string) => ({ description }) as CreateTask;
const typed = (description: string) => ({ values: { ...EMPTY_DRAFT, description } });
const described = ({ draft }: { draft: SavedDraft }) => draft.values.description;

/** Tabs share the storage; each hears what the others have written since, as browsers tell them. */
function tab() {
  const keeper = createDraftKeeper(store, 'ann');
  const stop = keeper.listen();
  return { keeper, close: stop };
}
const tellOthers = () => {
  const key = 'dukenet:1:ann:draft';
  window.dispatchEvent(new StorageEvent('storage', { key, newValue: localStorage.getItem(key) }));
};
const pause = () => vi.advanceTimersByTime(500);

beforeEach(() => {
  vi.useFakeTimers();
  localStorage.clear();
  store.open('ann');
});
afterEach(() => vi.useRealTimers());

describe('a draft', () => {
  it('is stored on the first change, and restored after a reload', () => {
    const before = tab();
    before.keeper.keep({ values: EMPTY_DRAFT });
    pause();
    expect(stored()).toBeUndefined();
    before.keeper.keep(typed('Is it spam?'));
    before.keeper.keep({ files: ['f1'], guessed_for: ['f1'] });
    pause();
    const after = tab();
    expect(after.keeper.get().draft).toEqual({ ...before.keeper.get().draft });
    expect(after.keeper.get().draft).toMatchObject({ ...typed('Is it spam?'), files: ['f1'] });
  });

  it('is stored at once when the page is hidden or left', () => {
    const { keeper, close } = tab();
    keeper.keep(typed('a'));
    window.dispatchEvent(new Event('pagehide'));
    expect(stored()?.values.description).toBe('a');
    keeper.keep(typed('b'));
    close();
    expect(stored()?.values.description).toBe('b');
  });

  it('is shared by two tabs, each of which writes only its changes', () => {
    const [a, b] = [tab(), tab()];
    a.keeper.keep(typed('from a'));
    pause();
    tellOthers();
    expect(described(b.keeper.get())).toBe('from a');
    expect(b.keeper.get().draft.id).toBe(a.keeper.get().draft.id);
    b.keeper.keep({ files: ['f1'] });
    a.keeper.keep(typed('more from a')); // at the same moment
    pause();
    expect(stored()).toMatchObject({ ...typed('more from a'), files: ['f1'] });
  });

  it('of an older tab does not overwrite a newer one', () => {
    const [a, b] = [tab(), tab()];
    a.keeper.keep(typed('from a'));
    b.keeper.keep(typed('from b'));
    pause(); // both write before they have heard of each other
    expect(described(a.keeper.get())).toBe('from a');
    expect(described(b.keeper.get())).toBe('from a');
    expect(stored()?.id).toBe(a.keeper.get().draft.id);
  });

  it('is empty after it was posted, and closed in the other tab', () => {
    const [a, b] = [tab(), tab()];
    a.keeper.keep(typed('Is it spam?'));
    pause();
    tellOthers();
    a.keeper.sent(body('Is it spam?'));
    a.keeper.posted('t1');
    tellOthers();
    expect(b.keeper.get().posted).toBe('t1');
    expect(localStorage.getItem('dukenet:1:ann:draft')).not.toContain('spam');
    const next = tab();
    expect(next.keeper.get().draft).toMatchObject({ values: EMPTY_DRAFT });
    expect(next.keeper.get().draft.id).not.toBe(a.keeper.get().draft.id);
  });

  it('is not written again by a tab that does not know that it was posted', () => {
    const [a, b] = [tab(), tab()];
    a.keeper.keep(typed('Is it spam?'));
    pause();
    tellOthers();
    a.keeper.posted('t1');
    b.keeper.keep(typed('changed'));
    pause();
    expect(stored()).toMatchObject({ posted: 't1', values: EMPTY_DRAFT });
    expect(b.keeper.get().posted).toBe('t1');
  });

  it('remembers requests without a response, in every tab', () => {
    const [a, b] = [tab(), tab()];
    a.keeper.keep(typed('one'));
    a.keeper.sent(body('one'));
    expect(stored()?.unanswered).toEqual([body('one')]);
    tellOthers();
    b.keeper.sent(body('two'));
    expect(b.keeper.get().draft.unanswered).toEqual([body('two'), body('one')]);
    b.keeper.refused(body('two'));
    expect(stored()?.unanswered).toEqual([body('one')]);
  });

  it('is discarded in every tab', () => {
    const [a, b] = [tab(), tab()];
    a.keeper.keep(typed('one'));
    pause();
    tellOthers();
    const before = b.keeper.get();
    a.keeper.startAfresh();
    tellOthers();
    expect(described(b.keeper.get())).toBe('');
    expect(b.keeper.get().revision).toBeGreaterThan(before.revision);
    expect(stored()).toBeUndefined();
  });

  it('is not changed by a tab that starts a new one after posting its own', () => {
    const [a, b] = [tab(), tab()];
    a.keeper.keep(typed('one'));
    pause();
    tellOthers();
    a.keeper.posted('t1');
    tellOthers();
    const c = tab();
    c.keeper.keep(typed('the next one'));
    pause();
    b.keeper.startAfresh();
    expect(described(b.keeper.get())).toBe('the next one');
    expect(stored()?.values.description).toBe('the next one');
  });

  it('is not written after its user signed out', () => {
    const { keeper, close } = tab();
    keeper.keep(typed('secret'));
    forgetStored();
    close();
    expect(Object.keys(localStorage)).toEqual([]);
  });

  it('reports if it is too large', () => {
    const { keeper } = tab();
    keeper.keep({ values: { ...EMPTY_DRAFT, text: 'x'.repeat(3_000_000) } });
    pause();
    expect(keeper.get().saving).toBe('too_large');
  });
});

it('reads only valid fields from storage', () => {
  const draft = newDraft();
  expect(parseDraft(JSON.parse(JSON.stringify(draft)))).toEqual(draft);
  for (const broken of [undefined, null, 7, 'x', [], {}, { id: 7 }])
    expect(parseDraft(broken)).toBeUndefined();
  const values = { text: 7, labels: [1], complexity: '3', target: {}, max_price_satoshis: 5, unknown: 1 };
  expect(parseDraft({ id: 'd', values, files: 'f', guessed_for: [1, 'f'] })).toEqual({
    ...draft,
    id: 'd',
    values: { ...EMPTY_DRAFT, max_price_satoshis: 5 },
    guessed_for: ['f'],
  });
});
