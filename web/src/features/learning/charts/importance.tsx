import { Progress, Table } from '@mantine/core';
import type { ModelMetrics } from '../../../lib/api/types.ts';
import { number } from '../../../lib/format.ts';
import { score } from '../figures.ts';
import classes from '../../../components/charts/charts.module.css';

interface Props {
  caption: string;
  fields: ModelMetrics['feature_importance'];
}

/** Permutation importance: the drop of the score when the values of a field are shuffled between items. */
export function Importance({ caption, fields }: Props) {
  const most = Math.max(...fields.map(({ importance }) => importance), Number.EPSILON);
  return (
    <Table verticalSpacing={6} className={classes.plain} withRowBorders={false}>
      <Table.Caption>{caption}</Table.Caption>
      <Table.Thead>
        <Table.Tr>
          <Table.Th scope="col">Field</Table.Th>
          <Table.Th w="35%">
            <span className="visually-hidden">Bar</span>
          </Table.Th>
          <Table.Th scope="col" ta="right">
            Drop
          </Table.Th>
          <Table.Th scope="col" ta="right" visibleFrom="xs">
            Items
          </Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {fields.map(({ field, importance, spread, items }) => (
          <Table.Tr key={field}>
            <Table.Th scope="row" fw={400} style={{ overflowWrap: 'anywhere' }}>
              {field}
            </Table.Th>
            <Table.Td>
              <Progress value={(100 * Math.max(importance, 0)) / most} size="md" aria-hidden />
            </Table.Td>
            <Table.Td ta="right" className="tabular">
              {score(importance)} ± {score(spread)}
            </Table.Td>
            <Table.Td ta="right" className="tabular" visibleFrom="xs">
              {number(items)}
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
