// What a figure is, before it is drawn.

/** One figure of a report: a chart as a Vega or Vega-Lite specification, and the words that go with it. */
export interface Figure {
  /** File stem, such as `training-curves`; also the figure's id in the report. */
  name: string;
  title: string;
  /** What is drawn, and how to read it. Plain text. */
  caption: string;
  /** What there is to see, for readers who cannot see it. Plain text. */
  alt: string;
  /** A Vega or Vega-Lite specification; its `$schema` says which. */
  spec: object;
}
