// What this module needs of a model.
import type { Dataset, Matrix } from '../data/index.ts';
import { checkDataset } from '../data/index.ts';
import { fail } from '../errors/index.ts';
import type { AnySequential, Ensemble, Predictions } from '../train/index.ts';

/** One network, or several that predict together. */
export type AnyModel = AnySequential | Ensemble<Predictions>;

/** Checks that `model` is one for one of `tasks`. */
export function checkModel(where: string, model: AnyModel, tasks: readonly AnyModel['task'][]): void {
  if (typeof model?.predictProbabilities !== 'function') {
    fail(where, 'model', 'a model', model, 'Use what sequential() or ensemble() returns.');
  }
  if (!tasks.includes(model.task)) fail(where, 'model', `a model for ${tasks.join(' or ')}`, model.task);
  if (model.task !== 'regression' && !model.hasProbabilities) {
    fail(where, 'model', 'a model whose loss has probabilities', model.task);
  }
}

/** Checks that `data` are samples for the model's classes, and returns its probabilities of them with their classes. */
export function classesOf(where: string, model: AnyModel, data: Dataset): { p: Matrix; y: Int32Array } {
  checkDataset(where, 'data', data, { features: model.inputSize, float32: true, targets: 'classes' });
  const p = model.predictProbabilities(data.x);
  const y = data.y as Int32Array;
  const wrong = y.findIndex((k) => k >= p.shape[1]);
  if (wrong >= 0) fail(where, `data.y[${wrong}]`, `a class index below ${p.shape[1]}`, y[wrong]);
  return { p, y };
}
