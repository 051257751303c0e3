/** `auto`: as far as the data reaches. */
export type Range = readonly [from: number | 'auto', to: number | 'auto'];

interface Axis {
  readonly label: string;
  readonly format: (value: number) => string;
  /** A shorter form, for the ticks of the axis. */
  readonly tick?: (value: number) => string;
}

/** The two axes of a chart; without a range, an axis spans its data. */
export interface Axes {
  readonly x: Axis & {
    /** Ticks at whole numbers only: days, epochs. */
    readonly whole?: boolean;
  };
  readonly y: Axis;
  readonly xRange?: Range;
  readonly yRange?: Range;
}
