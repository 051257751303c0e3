import type { ColumnChoice } from '../../components/column-choice.tsx';
import type { File as StoredFile } from '../../lib/api/types.ts';
import { answerOfTarget, suggestedKind } from './draft.ts';
import type { DraftForm } from './use-draft.ts';

/** The column to fill in, for where the columns of the attached files are shown. */
export const columnChoiceOf = (form: DraftForm, files: readonly StoredFile[]): ColumnChoice => ({
  target: form.values.target,
  kind: form.values.kind ?? suggestedKind(form.values, files),
  choose: (target) => form.setValues(answerOfTarget(target)),
  setKind: (kind) => form.setFieldValue('kind', kind),
});
