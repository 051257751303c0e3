/** `auto`: as far as the data reaches. */
export type Range = readonly [from: number | 'auto', to: number | 'auto'];

interface Axis {
  readonly label: string;
  readonly format: (value: number) => string;
  /** Shorter format for ticks. */
  readonly tick?: (value: number) => string;
}

/** Axes of a chart; without a range, an axis spans its data. */
export interface Axes {
  readonly x: Axis & {
    /** Integer ticks only: days, epochs. */
    readonly whole?: boolean;
  };
  readonly y: Axis;
  readonly xRange?: Range;
  readonly yRange?: Range;
}
