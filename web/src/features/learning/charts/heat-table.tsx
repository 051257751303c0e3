import { Table } from '@mantine/core';
import { number } from '../../../lib/format.ts';
import { share } from '../figures.ts';
import classes from '../../../components/charts/charts.module.css';
import { TableScroll } from '../../../components/table-scroll.tsx';

interface Props {
  caption: string;
  /** Labels of rows (correct answers) and columns (predictions). */
  names: readonly string[];
  counts: readonly (readonly number[])[];
}

function Cell({ count, of, right, told }: { count: number; of: number; right: boolean; told: string }) {
  const part = of > 0 ? count / of : 0;
  return (
    <Table.Td
      className="tabular"
      title={told}
      data-share={part.toFixed(3)}
      {...(right && { 'data-right': true })}
      style={{ '--share': part }}
    >
      {count === 0 ? <span aria-label="0">·</span> : number(count)}
    </Table.Td>
  );
}

/** Confusion matrix; the intensity of a cell is its share of the row. */
export function HeatTable({ caption, names, counts }: Props) {
  return (
    <TableScroll minWidth={120 + 52 * names.length}>
      <Table className={classes.heat} withRowBorders={false} verticalSpacing={6} w="auto">
        <Table.Caption>{caption}</Table.Caption>
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col" fw={400} c="dimmed">
              True ↓ Predicted →
            </Table.Th>
            {names.map((name) => (
              <Table.Th key={name} scope="col" ta="center" title={name}>
                {name}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {counts.map((row, r) => {
            const of = row.reduce((sum, count) => sum + count, 0);
            return (
              <Table.Tr key={names[r]}>
                <Table.Th scope="row" title={names[r]}>
                  {names[r]}
                </Table.Th>
                {row.map((count, c) => (
                  <Cell
                    key={names[c]}
                    count={count}
                    of={of}
                    right={r === c}
                    told={`${number(count)} of ${number(of)} “${names[r]}” answered as “${names[c]}”: ${share(of > 0 ? count / of : null)}`}
                  />
                ))}
              </Table.Tr>
            );
          })}
        </Table.Tbody>
      </Table>
    </TableScroll>
  );
}
