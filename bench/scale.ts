// Whole fits on more and more samples as cases: the time per sample should not depend on how many there are.
import { type CaseDefinition, checkWithin } from './case.ts';
import { makeData, makeModel, type Sizes } from './models.ts';

const SIZES: Sizes = [20, 128, 64, 2];

/** A fit on `rows` samples, with as many epochs as it takes to train on `samples` in all. */
export function scaleCase(rows: number, samples: number): CaseDefinition {
  return {
    name: `fit ${rows}×20`,
    async open(engine) {
      const data = makeData(rows, SIZES);
      const model = makeModel(engine, SIZES);
      const initial = model.getWeights();
      const epochs = Math.max(1, Math.round(samples / rows));
      const { loss } = model.evaluate(data);
      checkWithin('loss before training', loss, 1, 0.7);
      return {
        work: 1,
        unit: 'sample',
        async run() {
          model.setWeights(initial);
          const start = performance.now();
          await model.fit(data, { epochs, batchSize: 64 });
          return { milliseconds: performance.now() - start, count: epochs * rows };
        },
        close: () => model.dispose(),
      };
    },
  };
}
