import { Table, Text } from '@mantine/core';
import { compare, type Comparison } from '../../figures.ts';
import type { ModelMetrics } from '../../../../lib/api/types.ts';
import { number } from '../../../../lib/format.ts';
import classes from '../../../../components/charts/charts.module.css';
import { TableScroll } from '../../../../components/table-scroll.tsx';

type Scores = NonNullable<ModelMetrics['candidate']>;

const LOOK = { better: 'gain', worse: 'trouble', same: '' } as const;

function Row({ row, compared }: { row: Comparison; compared: boolean }) {
  return (
    <Table.Tr>
      <Table.Th scope="row" fw={500}>
        {row.name}
        {row.note && (
          <Text size="xs" c="dimmed" visibleFrom="xs">
            {row.note}
          </Text>
        )}
      </Table.Th>
      {compared && (
        <Table.Td ta="right" className="tabular">
          {row.production}
        </Table.Td>
      )}
      <Table.Td ta="right" className="tabular" fw={600}>
        {row.candidate}
      </Table.Td>
      {compared && (
        <Table.Td ta="right" className={row.verdict && LOOK[row.verdict]}>
          {row.difference}
          {row.verdict && (
            <Text size="xs" inherit={false} c="inherit">
              {row.verdict}
            </Text>
          )}
        </Table.Td>
      )}
    </Table.Tr>
  );
}

interface Props {
  candidate: Scores;
  production: Scores | null;
  /** `Version 3`, `Version 2` */
  names: readonly [candidate: string, production: string];
}

/** Champion and challenger on the same held-out items. */
export function ComparisonTable({ candidate, production, names }: Props) {
  const compared = production !== null;
  return (
    <TableScroll minWidth={compared ? 300 : 240}>
      <Table verticalSpacing={6} horizontalSpacing={6} className={classes.plain}>
        <Table.Caption>
          {compared ? 'On the same' : 'On'} {number(candidate.items)} held-out items
          {candidate.accuracy_interval &&
            `; accuracy of ${names[0]} between ${(100 * candidate.accuracy_interval[0]).toFixed(1)} and ${(100 * candidate.accuracy_interval[1]).toFixed(1)} % with 95 % confidence`}
        </Table.Caption>
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">Figure</Table.Th>
            {compared && (
              <Table.Th scope="col" ta="right" className="tabular">
                {names[1]}
              </Table.Th>
            )}
            <Table.Th scope="col" ta="right" className="tabular">
              {names[0]}
            </Table.Th>
            {compared && (
              <Table.Th scope="col" ta="right">
                Change
              </Table.Th>
            )}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {compare(candidate, production).map((row) => (
            <Row key={row.name} row={row} compared={compared} />
          ))}
        </Table.Tbody>
      </Table>
    </TableScroll>
  );
}
