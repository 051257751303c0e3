import { expect, it } from 'vitest';
import { createBody } from './draft.ts';
import { labelOptionsOf } from './label-options.ts';
import { newDraft, parseDraft } from './saved-draft.ts';
import { EMPTY_DRAFT } from './use-draft.ts';

const said = {
  label_descriptions: { spam: ' advertising ', ham: ' ', gone: 'no longer a label' },
  class_weight: 'costs' as const,
  label_costs: { spam: 5, ham: '', gone: 2 },
};

it('sends what is said of the labels of the task, and nothing empty', () => {
  expect(labelOptionsOf(said, ['ham', 'spam'])).toEqual({
    label_descriptions: { spam: 'advertising' },
    class_weight: { spam: 5 },
  });
  expect(labelOptionsOf({ ...said, class_weight: 'balanced' }, ['ham'])).toEqual({
    class_weight: 'balanced',
  });
  expect(labelOptionsOf({ ...said, class_weight: '' }, ['ham'])).toEqual({});
  expect(labelOptionsOf(said, ['constructor'])).toEqual({});
});

it('sends it only with a task that asks for labels', () => {
  const draft = { ...EMPTY_DRAFT, ...said, source: 'text' as const, text: 'a', labels: ['spam', 'ham'] };
  expect(createBody(draft, [])).toMatchObject({ label_descriptions: { spam: 'advertising' } });
  const number = createBody({ ...draft, kind: 'regression' }, []);
  expect(number).not.toHaveProperty('label_descriptions');
  expect(number).not.toHaveProperty('class_weight');
});

it('is kept in a stored draft, and empty if it was stored in another form', () => {
  const draft = { ...newDraft(), values: { ...EMPTY_DRAFT, ...said } };
  const stored = (values: object) =>
    parseDraft(JSON.parse(JSON.stringify({ ...draft, values })) as unknown)?.values;
  expect(stored(draft.values)).toEqual(draft.values);
  const wrong = { label_descriptions: { spam: 1 }, class_weight: 'much', label_costs: ['a'] };
  expect(stored({ ...draft.values, ...wrong })).toMatchObject({
    ...{ label_descriptions: {}, class_weight: '', label_costs: {} },
  });
});
