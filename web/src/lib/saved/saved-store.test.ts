// @vitest-environment jsdom
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { forgetStored } from '../session/stored.ts';
import { createSavedStore, MAX_AGE_MS, MAX_RECORD_CHARACTERS, MAX_RECORDS } from './saved-store.ts';

let now = 1_000_000;
const store = createSavedStore(localStorage, () => now);
const names = (): string[] => Object.keys(localStorage);

beforeEach(() => {
  localStorage.clear();
  store.open('ann');
});

describe('saved records', () => {
  it('are readable by their user only', () => {
    expect(store.write('ann', 'draft', { text: 'x' })).toBe('kept');
    expect(store.read('ann', 'draft')).toEqual({ text: 'x' });
    expect(store.read('bob', 'draft')).toBeUndefined();
  });

  it('survive the end of a session and another sign-in of the same user', () => {
    store.write('ann', 'draft', 1);
    store.open('ann');
    expect(store.read('ann', 'draft')).toBe(1);
  });

  it('are deleted when their user signs out; a late write of another tab is rejected', () => {
    store.write('ann', 'draft', 1);
    forgetStored();
    expect(store.write('ann', 'draft', 2)).toBe('refused');
    expect(names()).toEqual([]);
  });

  it('are deleted when another user signs in', () => {
    store.write('ann', 'draft', 1);
    store.open('bob');
    expect(names()).toEqual(['dukenet:1:bob']);
  });

  it('are deleted at sign-in if they have another layout, are old, or exceed the limit', () => {
    localStorage.setItem('dukenet:0:ann:draft', '{}');
    store.write('ann', 'old', 1);
    now += MAX_AGE_MS + 1;
    expect(store.read('ann', 'old')).toBeUndefined();
    for (let i = 0; i < MAX_RECORDS + 5; i++) {
      now += 1;
      store.write('ann', `review-${i}`, i);
    }
    store.open('ann');
    expect(store.read('ann', `review-${MAX_RECORDS + 4}`)).toBe(MAX_RECORDS + 4);
    expect(store.read('ann', 'review-4')).toBeUndefined();
    expect(names().filter((name) => name.startsWith('dukenet:1:ann:'))).toHaveLength(MAX_RECORDS);
    expect(names()).not.toContain('dukenet:0:ann:draft');
  });

  it('report if they are too large, and keep the previous record', () => {
    store.write('ann', 'draft', 'small');
    expect(store.write('ann', 'draft', 'x'.repeat(MAX_RECORD_CHARACTERS))).toBe('too_large');
    expect(store.read('ann', 'draft')).toBe('small');
    const full = {
      ...localStorage,
      getItem: () => '',
      setItem: () => {
        throw new DOMException('', 'QuotaExceededError');
      },
    };
    expect(createSavedStore(full as unknown as Storage).write('ann', 'draft', 1)).toBe('too_large');
  });

  it('are absent if this page has not written them', () => {
    for (const text of ['', 'null', '7', '{"value":1}', '{'])
      expect((localStorage.setItem('dukenet:1:ann:draft', text), store.read('ann', 'draft'))).toBeUndefined();
  });

  it('notify other tabs', () => {
    const heard = vi.fn();
    const stop = store.onOtherTab('ann', 'draft', heard);
    const tell = (key: string, newValue: string | null) =>
      window.dispatchEvent(new StorageEvent('storage', { key, newValue }));
    tell('dukenet:1:ann:draft', '{"at":1,"value":2}');
    tell('dukenet:1:ann:other', '{"at":1,"value":3}');
    tell('dukenet:1:ann:draft', null);
    stop();
    tell('dukenet:1:ann:draft', '{"at":1,"value":4}');
    expect(heard.mock.calls).toEqual([[2], [undefined]]);
  });
});
