import { SegmentedControl } from '@mantine/core';
import { WINDOWS, type Window } from '../api/get-system-metrics.ts';

const LABEL: Record<Window, string> = { '1h': '1 hour', '24h': '24 hours', '7d': '7 days', '30d': '30 days' };

interface Props {
  readonly window: Window;
  readonly onChange: (window: Window) => void;
}

export function WindowChoice({ window, onChange }: Props) {
  return (
    <SegmentedControl
      aria-label="Period"
      data={WINDOWS.map((value) => ({ value, label: LABEL[value] }))}
      value={window}
      onChange={(value) => onChange(value)}
    />
  );
}
