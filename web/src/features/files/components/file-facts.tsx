import { Badge, Group, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { ColumnName } from '../../../components/column-choice.tsx';
import type { File as StoredFile } from '../../../lib/api/types.ts';
import { count, number } from '../../../lib/format.ts';
import { readingOf } from '../reading.ts';
import { isTable } from '../../../../../contracts/rules/file-kinds.ts';
import { mediumFacts } from '../medium-facts.ts';
import { EncodingChoice } from './encoding-choice.tsx';

const SHOWN_COLUMNS = 12;

interface Props {
  file: StoredFile;
  /** Whether a column may be chosen here: where no preview of rows has its names. */
  choosable?: boolean;
}

/** Findings of the inspection, and the choice of an encoding if it is a guess. */
export function FileFacts({ file, choosable = false }: Props) {
  const [chosen, setChosen] = useState<StoredFile>();
  const current = chosen ?? file;
  return (
    <Stack gap="xs">
      <Found file={current} choosable={choosable} />
      <EncodingChoice file={current} onRead={setChosen} />
    </Stack>
  );
}

/** Rows, columns with their types, and number of filled cells. */
function Found({ file, choosable }: Required<Props>) {
  const { metadata } = file;
  if (!metadata) return null;
  if (!isTable(metadata))
    return (
      <Text size="xs" c="dimmed">
        {mediumFacts(metadata)}
      </Text>
    );
  const { rows, columns, blank_rows: blankRows = 0 } = metadata;
  return (
    <div>
      <Text size="xs" c="dimmed" mb={6}>
        {count(rows, 'row')}
        {blankRows > 0 && ` (${number(blankRows)} without any value)`}, {count(columns.length, 'column')},{' '}
        {metadata.encoding}
        {metadata.file_type === 'xlsx' && `, sheet “${metadata.sheet}”`}
        {metadata.file_type === 'zip' && `, ${count(metadata.members, 'file')} named by ${metadata.table}`}
      </Text>
      <Group gap={6}>
        {columns.slice(0, SHOWN_COLUMNS).map(({ name, type, filled, ...column }) => (
          <Badge key={name} variant="light" color={filled < rows ? 'duke' : 'gray'} tt="none" fw={500}>
            <b>
              <ColumnName name={name} column={choosable ? name : undefined} />
            </b>{' '}
            {type}
            {readingOf(column)}
            {filled < rows && ` · ${number(filled)} of ${number(rows)} filled`}
          </Badge>
        ))}
        {columns.length > SHOWN_COLUMNS && (
          <Text size="xs" c="dimmed">
            and {columns.length - SHOWN_COLUMNS} more
          </Text>
        )}
      </Group>
    </div>
  );
}
