// What a figure is: its definition, what it is drawn from, and what comes of it before it is drawn.
import type { FigureData } from '../experiment/index.ts';
import type { ReportContext } from './context.ts';

/**
 * One figure of a report: a chart as a Vega or Vega-Lite specification, and the words that go with it.
 */
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

/** What a figure is drawn from. */
export interface FigureContext extends ReportContext {
  data: FigureData;
}

type Words = string | ((context: FigureContext) => string);

/** All that there is to say about one figure. */
export interface FigureDefinition {
  /** Letters, digits and hyphens. */
  name: Words;
  title: Words;
  /** Undefined where the numbers that it shows are not there. */
  draw(context: FigureContext): Pick<Figure, 'caption' | 'alt' | 'spec'> | undefined;
}

/** Defines a figure. The list in `figures/index.ts` says where it comes. */
export const defineFigure = (definition: FigureDefinition): FigureDefinition => definition;
