import classes from './file-preview.module.css';

interface WaveformProps {
  /** 0 to 1, over the time of the sound. */
  readonly peaks: readonly number[];
  readonly label: string;
  readonly className: string | undefined;
}

const HEIGHT = 100;
/** A silent span is a thin line, not a gap. */
const MIN_BAR = 2;

/** The loudness of a sound over its time, as bars around the middle. */
export function Waveform({ peaks, label, className }: WaveformProps) {
  return (
    <svg
      className={`${classes.waveform} ${className ?? ''}`}
      viewBox={`0 0 ${peaks.length} ${HEIGHT}`}
      preserveAspectRatio="none"
      height={72}
      role={label === '' ? 'presentation' : 'img'}
      {...(label !== '' && { 'aria-label': label })}
    >
      {peaks.map((peak, i) => {
        const bar = Math.max(MIN_BAR, peak * HEIGHT);
        // Peaks are spans of time, which have no other identity than their position.
        return (
          <rect key={i} x={i + 0.1} y={(HEIGHT - bar) / 2} width={0.8} height={bar} fill="currentColor" />
        );
      })}
    </svg>
  );
}
