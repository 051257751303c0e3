import { Code, Skeleton, Table, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { previewOf } from '../preview.ts';
import type { Upload } from '../use-uploads.ts';
import classes from './row-preview.module.css';

/** The first rows, read from the file on this computer. */
export function RowPreview({ upload }: { upload: Upload & { local: File } }) {
  const { data } = useQuery({
    queryKey: ['preview', upload.key],
    queryFn: () => previewOf(upload.local, upload.name),
    staleTime: Infinity,
  });
  if (!data) return <Skeleton height={80} />;
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
              <Table.Th key={index}>{column}</Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {data.rows.map((row, index) => (
            <Table.Tr key={index}>
              {data.columns.map((_, column) => (
                <Table.Td key={column}>
                  <div className={classes.cell}>
                    {row[column] || <span className={classes.blank}>blank</span>}
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
