import { Code, Skeleton, Table, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { comparable } from '../../../../../contracts/values/comparable.ts';
import { isBlank, isMissing } from '../../../../../contracts/values/blank.ts';
import { ColumnName } from '../../../components/column-choice.tsx';
import type { File as StoredFile } from '../../../lib/api/types.ts';
import { previewOf, type Preview } from '../preview.ts';
import type { Upload } from '../use-uploads.ts';
import { MediumPreview } from './medium-preview.tsx';
import classes from './row-preview.module.css';

type Metadata = StoredFile['metadata'];

/** Marks blank cells, and texts that the inspection recognised as missing values. */
function Cell({ text, missing }: { text: string | undefined; missing: readonly string[] }) {
  if (isBlank(text)) return <span className={classes.blank}>blank</span>;
  if (!isMissing(text, { missing })) return text;
  return (
    <>
      {text} <span className={classes.blank}>blank</span>
    </>
  );
}

const missingByColumn = (metadata: Metadata | undefined): ReadonlyMap<string, readonly string[]> =>
  new Map(
    metadata && 'columns' in metadata
      ? metadata.columns.map(({ name, missing = [] }) => [name, missing])
      : [],
  );

/** The first rows, read from the local file; `metadata` once the inspection is done. */
export function RowPreview({ upload, metadata }: { upload: Upload & { local: File }; metadata?: Metadata }) {
  const { data } = useQuery({
    queryKey: ['preview', upload.key, metadata?.sha256],
    queryFn: () => previewOf(upload.local, upload.name, metadata),
    staleTime: Infinity,
  });
  if (!data) return <Skeleton height={80} />;
  return (
    <>
      {data.note !== undefined && (
        <Text size="sm" c="dimmed" role="note">
          {data.note}
        </Text>
      )}
      {data.kind === 'medium' ? (
        <MediumPreview
          file={upload.local}
          medium={data.medium}
          name={upload.name}
          fileId={upload.step.at === 'ready' ? upload.step.file.id : undefined}
        />
      ) : (
        <Beginning preview={data} missing={missingByColumn(metadata)} />
      )}
    </>
  );
}

/** The column of the inspected file under a name of the header; undefined if the header has the name twice. */
function columnNamed(header: readonly string[], written: string, known: ReadonlyMap<string, unknown>) {
  const name = comparable(written);
  const isOnlyOne = header.filter((other) => comparable(other) === name).length === 1;
  return isOnlyOne && known.has(name) ? name : undefined;
}

interface BeginningProps {
  preview: Exclude<Preview, { kind: 'medium' }>;
  /** Texts that count as blank, by column. */
  missing: ReadonlyMap<string, readonly string[]>;
}

function Beginning({ preview: data, missing }: BeginningProps) {
  if (data.kind === 'none')
    return (
      <Text size="sm" c="dimmed">
        No preview: {data.reason}
      </Text>
    );
  if (data.kind === 'text')
    return (
      <Code block className={classes.text}>
        {data.text}
      </Code>
    );
  return (
    <Table.ScrollContainer minWidth={Math.min(data.columns.length * 140, 2000)} type="native" tabIndex={0}>
      <Table withTableBorder withColumnBorders fz="xs" className={classes.table} aria-label="The first rows">
        <Table.Thead>
          <Table.Tr>
            {data.columns.map((column, index) => (
              <Table.Th key={index}>
                <ColumnName name={column} column={columnNamed(data.columns, column, missing)} />
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {data.rows.map((row, index) => (
            <Table.Tr key={index}>
              {data.columns.map((_, column) => (
                <Table.Td key={column}>
                  <div className={classes.cell}>
                    <Cell
                      text={row[column]}
                      missing={missing.get(data.columns[column]?.trim() ?? '') ?? []}
                    />
                  </div>
                </Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
