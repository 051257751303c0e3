import type { ModelMetrics } from '../../../lib/api/types.ts';
import { share, shareTick } from '../figures.ts';
import { Chart } from '../../../components/charts/chart.tsx';
import type { Series } from '../../../components/charts/series.ts';

type Scores = NonNullable<ModelMetrics['candidate']>;

const binsOf = (scores: Scores | null, name: string, look: Series['look']): Series[] =>
  scores?.calibration
    ? [{ name, look, points: scores.calibration.bins.map(({ confidence: x, accuracy: y }) => ({ x, y })) }]
    : [];

interface Props {
  candidate: { name: string; scores: Scores };
  production: { name: string; scores: Scores } | null;
}

/** Reliability diagram: accuracy by confidence; calibrated confidences are on the diagonal. */
export function Reliability({ candidate, production }: Props) {
  const series = [
    ...binsOf(candidate.scores, candidate.name, 'first'),
    ...binsOf(production?.scores ?? null, production?.name ?? '', 'second'),
  ];
  if (series.length === 0) return null;
  const low = Math.min(...series.flatMap(({ points }) => points.flatMap(({ x, y }) => [x, y ?? x])));
  const from = Math.max(0, Math.floor(low * 10) / 10);
  const diagonal: Series = {
    name: 'Perfect calibration',
    look: 'guide',
    guide: true,
    points: [
      { x: from, y: from },
      { x: 1, y: 1 },
    ],
  };
  return (
    <Chart
      title="Calibration"
      description="Accuracy by stated confidence. Every point is a bin with the same number of items."
      x={{ label: 'Confidence', format: share, tick: shareTick }}
      y={{ label: 'Accuracy', format: share, tick: shareTick }}
      xRange={[from, 1]}
      yRange={[from, 1]}
      height={260}
      series={[diagonal, ...series]}
    />
  );
}
