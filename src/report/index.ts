// Reports: results become figures, and figures become SVG, PNG and one HTML page. Data in, text out.
export { buildFigures } from './build-figures.ts';
export { buildReport, type DrawnFigure } from './build-report.ts';
export { buildComparison, type ComparisonText, describeComparison } from './comparison.ts';
export { describeResults, type ResultsText } from './describe-results.ts';
export type { Figure } from './figure.ts';
export { renderPng } from './no-png.ts';
export { prepareDrawing, renderSvg } from './svg.ts';
