// What is used of the charting libraries, in one module that is loaded when the first figure is drawn.
import * as vega from 'vega';

export { parse, View } from 'vega';
export { expressionInterpreter } from 'vega-interpreter';
export { compile } from 'vega-lite';

// Vega exports this without declaring its type.
export const { textMetrics } = vega as unknown as { textMetrics: { width(item: object, text: unknown): number } };
