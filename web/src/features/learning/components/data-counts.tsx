import { DataList } from '@mantine/core';
import type { TrainingRun } from '../../../lib/api/types.ts';
import { count, dateTime, number } from '../../../lib/format.ts';
import { Fact } from '../../../components/fact.tsx';

/** Counts of the data that a run learned from, from its manifest. */
export function DataCounts({ data }: { data: NonNullable<TrainingRun['data']> }) {
  return (
    <DataList labelWidth={140}>
      <Fact label="To learn from">
        {count(data.train, 'outcome')}, of which {number(data.replay)} are replay of older ones
      </Fact>
      <Fact label="Held out">
        {number(data.validation)} of this window, {number(data.reservoir)} of the reservoir
      </Fact>
      <Fact label="New labels">{number(data.new_labels)}</Fact>
      <Fact label="Families">{number(data.families)}</Fact>
      {data.left_out > 0 && <Fact label="Left out">{number(data.left_out)}</Fact>}
      <Fact label="Window">
        {dateTime(data.window.from)} to {dateTime(data.window.to)}
      </Fact>
      <Fact label="Manifest">{data.manifest_key}</Fact>
    </DataList>
  );
}
