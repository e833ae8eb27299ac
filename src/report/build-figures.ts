// Makes the figures of an experiment from their definitions.
import type { FigureData, Results } from '../experiment/index.ts';
import { checkFigureData, reportContext } from './context.ts';
import type { Figure } from './figure.ts';
import { figures } from './figures/index.ts';

/**
 * Specifies the figures of an experiment: the outcome on the test part, differences to the baseline, the sweep, training
 * curves, decision boundaries, first-layer weights, calibration, confusion and the data. Those whose numbers are not there
 * are left out: differences need several seeds, the sweep a sweep, boundaries and weights `data.variants`, the data
 * `data.scatter`, calibration and confusion classes.
 *
 * @throws ParameterError when `results` is of another version, or `data` does not belong to it.
 * @example
 * ```js
 * import { presets, runExperiment } from 'regulus/experiment';
 * import { buildFigures } from 'regulus/report';
 *
 * const { moons } = presets;
 * const { results, figures } = await runExperiment({ ...moons, training: { ...moons.training, epochs: 2 } });
 * for (const { title, caption } of buildFigures(results, figures)) console.log(`${title}. ${caption}`);
 * ```
 */
export function buildFigures(results: Results, data: FigureData): Figure[] {
  const context = { ...reportContext('buildFigures', results), data };
  checkFigureData('buildFigures', results, data);
  return figures.flatMap(({ name, title, draw }) => {
    const drawing = draw(context);
    if (!drawing) return [];
    const [ownName, ownTitle] = [name, title].map((text) => (typeof text === 'string' ? text : text(context)));
    return [{ name: ownName, title: ownTitle, ...drawing }];
  });
}
