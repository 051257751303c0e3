import { Badge, Group, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import type { File as StoredFile } from '../../../lib/api/types.ts';
import { count, number } from '../../../lib/format.ts';
import { readingOf } from '../reading.ts';
import { isTable } from '../../../../../contracts/rules/file-kinds.ts';
import { mediumFacts } from '../medium-facts.ts';
import { EncodingChoice } from './encoding-choice.tsx';

const SHOWN_COLUMNS = 12;
/** Findings of the inspection, and the choice of an encoding if it is a guess. */
export function FileFacts({ file }: { file: StoredFile }) {
  const [chosen, setChosen] = useState<StoredFile>();
  const current = chosen ?? file;
  return (
    <Stack gap="xs">
      <Found file={current} />
      <EncodingChoice file={current} onRead={setChosen} />
    </Stack>
  );
}

/** Rows, columns with their types, and number of filled cells. */
function Found({ file }: { file: StoredFile }) {
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
            <b>{name}</b> {type}
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
