import { Button, Group, Skeleton, Table, Text } from '@mantine/core';
import { IconChartLine, IconTable } from '@tabler/icons-react';
import { lazy, Suspense, useId, useState, type ReactNode } from 'react';
import type { Axes } from './axes.ts';
import classes from './charts.module.css';
import { allX, at, measured, type Mark, type Series } from './series.ts';
import { TableScroll } from '../table-scroll.tsx';

const LineChart = lazy(() => import('./line-chart.tsx'));

const HEIGHT = 220;

interface Props extends Axes {
  readonly title: string;
  readonly description?: ReactNode;
  readonly series: readonly Series[];
  readonly marks?: readonly Mark[];
  /** Pixels. */
  readonly height?: number;
}

const value = (y: number | null, axes: Axes): string => (y === null ? '–' : axes.y.format(y));

/** `Success rate: 12 points from 1 Nov to 12 Nov. All work: last 91 %.` */
function summary(title: string, series: readonly Series[], axes: Axes): string {
  const xs = allX(series);
  const [first, last] = [xs[0], xs.at(-1)];
  if (first === undefined || last === undefined) return `${title}: nothing yet.`;
  const ends = series.filter(measured).map((one) => {
    const end = one.points.findLast(({ y }) => y !== null);
    return `${one.name}: ${end ? `last ${value(end.y, axes)}` : 'nothing yet'}.`;
  });
  return `${title}, ${axes.x.label} ${axes.x.format(first)} to ${axes.x.format(last)}. ${ends.join(' ')}`;
}

function Legend({ series }: { series: readonly Series[] }) {
  if (series.length < 2) return null;
  return (
    <Group gap="md" aria-hidden>
      {series.map(({ name, look }) => (
        <Group key={name} gap={6} wrap="nowrap">
          <svg width={26} height={8} className={`${classes.sample} ${classes[look]}`}>
            <line x1={1} x2={25} y1={4} y2={4} className={classes.line} />
          </svg>
          <Text size="xs">{name}</Text>
        </Group>
      ))}
    </Group>
  );
}

function Numbers({ title, series, axes }: { title: string; series: readonly Series[]; axes: Axes }) {
  const columns = series.filter(measured);
  return (
    <TableScroll minWidth={320} maxHeight={320}>
      <Table stickyHeader verticalSpacing={4} aria-label={title}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{axes.x.label}</Table.Th>
            {columns.map(({ name }) => (
              <Table.Th key={name} ta="right">
                {name}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {allX(series).map((x) => (
            <Table.Tr key={x}>
              <Table.Th scope="row" className="tabular" fw={400}>
                {axes.x.format(x)}
              </Table.Th>
              {columns.map((one) => (
                <Table.Td key={one.name} ta="right" className="tabular">
                  {value(at(one, x), axes)}
                </Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </TableScroll>
  );
}

/** A chart with its title and legend, or the same numbers as a table. */
export function Chart({ title, description, series, marks = [], height = HEIGHT, ...axes }: Props) {
  const [asTable, setAsTable] = useState(false);
  const id = useId();
  return (
    <figure className={classes.figure} aria-labelledby={id}>
      <figcaption>
        <Group justify="space-between" align="flex-start" wrap="nowrap" mb={4}>
          <div>
            <Text fw={600} size="sm" id={id}>
              {title}
            </Text>
            {description && (
              <Text size="xs" c="dimmed">
                {description}
              </Text>
            )}
          </div>
          <Button
            size="compact-xs"
            variant="subtle"
            color="gray"
            flex="none"
            leftSection={
              asTable ? <IconChartLine size={14} aria-hidden /> : <IconTable size={14} aria-hidden />
            }
            aria-label={asTable ? `${title}: show the chart` : `${title}: show the numbers`}
            onClick={() => setAsTable(!asTable)}
          >
            {asTable ? 'Chart' : 'Numbers'}
          </Button>
        </Group>
      </figcaption>
      {asTable ? (
        <Numbers title={title} series={series} axes={axes} />
      ) : (
        <>
          <Legend series={series} />
          <Suspense fallback={<Skeleton height={height} />}>
            <LineChart
              label={summary(title, series, axes)}
              series={series}
              marks={marks}
              height={height}
              {...axes}
            />
          </Suspense>
        </>
      )}
    </figure>
  );
}
