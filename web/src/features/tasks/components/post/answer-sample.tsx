import { Alert, Checkbox, Group, Stack, Text } from '@mantine/core';
import { IconEye } from '@tabler/icons-react';
import type { Column } from '../../../../../../contracts/entities/column.ts';
import { sampleAnswer } from '../../../../../../contracts/values/sample-answer.ts';
import type { File as StoredFile, Task } from '../../../../lib/api/types.ts';
import { count } from '../../../../lib/format.ts';
import { suggestedAnswer, targetColumn } from '../../draft.ts';
import type { DraftForm } from '../../use-draft.ts';

interface Props {
  form: DraftForm;
  files: readonly StoredFile[];
  kind: Task['kind'];
}

const KIND_WORDS: Record<Task['kind'], string> = {
  classification: 'one of these labels',
  regression: 'a number',
  generation: 'free text',
};

/** How an ambiguous separator was read. */
function SeparatorNote({ form }: Pick<Column, 'form'>) {
  if (!form?.assumed) return null;
  const sign = form.group ?? form.decimal;
  return (
    <Text size="sm">
      “{sign}” is read as the {form.group ? 'separator of thousands' : 'decimal separator'}.
    </Text>
  );
}

/** A sample of an answer and the reason for its kind, before any money is held. */
export function AnswerSample({ form, files, kind }: Props) {
  const column = targetColumn(form.values, files);
  if (!column) return null;
  const suggestion = suggestedAnswer(form.values, files);
  const sample = sampleAnswer(column, kind, form.values.labels);
  const notNumber = kind === 'regression' && !column.form ? column.not_number : undefined;
  if (notNumber)
    return (
      <Alert color="red" role="alert">
        The answers cannot be numbers: row {notNumber.row} holds “{notNumber.text}”.
      </Alert>
    );
  return (
    <Alert variant="light" icon={<IconEye aria-hidden />} role="status">
      <Text size="sm">
        {sample === undefined ? (
          <>Each answer is {KIND_WORDS[kind]}.</>
        ) : (
          <>
            Answers look like: <b>{sample}</b>
          </>
        )}
        {suggestion?.kind === kind && ` (${suggestion.reason})`}
      </Text>
      <SeparatorNote form={column.form} />
    </Alert>
  );
}

/** Texts of the target column that look like missing values: which of them count as blank. */
export function MissingChoice({ form, files }: Omit<Props, 'kind'>) {
  const column = targetColumn(form.values, files);
  const looks = column?.look_missing ?? [];
  if (!column || looks.length === 0) return null;
  return (
    <Checkbox.Group
      label="Count as blank"
      description="Rows that hold one of these in the column are answered, not learned from."
      value={column.missing ?? []}
      onChange={(missing) => form.setValues({ missing, kind: null })}
      error={form.errors['missing']}
    >
      <Stack gap={6} mt="xs">
        <Group gap="md">
          {looks.map(({ text, count: rows }) => (
            <Checkbox key={text} value={text} label={`“${text}” (${count(rows, 'row')})`} />
          ))}
        </Group>
      </Stack>
    </Checkbox.Group>
  );
}
