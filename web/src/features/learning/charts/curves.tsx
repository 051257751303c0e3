import { SimpleGrid, Text } from '@mantine/core';
import type { TrainingRun } from '../../../lib/api/types.ts';
import { score, scoreTick, share, shareTick } from '../figures.ts';
import { Chart } from '../../../components/charts/chart.tsx';
import type { Series } from '../../../components/charts/series.ts';

type Epoch = TrainingRun['curves'][number];
type Measure = Exclude<keyof Epoch, 'epoch'>;

const seriesOf = (curves: readonly Epoch[], of: Measure, name: string, look: Series['look']): Series => ({
  name,
  look,
  points: curves.map((epoch) => ({ x: epoch.epoch, y: epoch[of] })),
});
const EPOCHS = { label: 'Epoch', format: (x: number) => String(x), whole: true };

/** Loss, accuracy and F1 by epoch. */
export function Curves({ curves }: { curves: readonly Epoch[] }) {
  if (curves.length === 0)
    return (
      <Text size="sm" c="dimmed">
        No epoch has ended yet.
      </Text>
    );
  return (
    <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="xl">
      <Chart
        title="Loss"
        x={EPOCHS}
        y={{ label: 'Loss', format: score, tick: scoreTick }}
        series={[
          seriesOf(curves, 'train_loss', 'Training', 'first'),
          seriesOf(curves, 'val_loss', 'Validation', 'second'),
        ]}
      />
      <Chart
        title="Validation"
        x={EPOCHS}
        y={{ label: 'Share', format: share, tick: shareTick }}
        yRange={['auto', 1]}
        series={[seriesOf(curves, 'accuracy', 'Accuracy', 'first'), seriesOf(curves, 'f1', 'F1', 'second')]}
      />
    </SimpleGrid>
  );
}
