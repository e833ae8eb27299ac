// `predictProbabilities` on many samples as a case.
import { softmaxRow } from '../test/reference/operations.ts';
import { type CaseDefinition, checkWithin } from './case.ts';
import { inferenceFlop, makeData, makeModel, referenceLogits, type Sizes } from './models.ts';

const SIZES: Sizes = [784, 512, 512, 10];
const CHECKED = 16; // samples

export function inferenceCase(rows: number): CaseDefinition {
  return {
    name: `predictProbabilities ${rows}×784`,
    open(engine) {
      const { x } = makeData(rows, SIZES);
      const model = makeModel(engine, SIZES);
      const { data } = model.predictProbabilities(x);
      const logits = referenceLogits(model, x.data.subarray(0, CHECKED * SIZES[0]), CHECKED);
      for (let i = 0; i < CHECKED; i++) {
        softmaxRow([...logits.subarray(10 * i, 10 * i + 10)]).forEach((probability, j) => {
          checkWithin(`probability ${j} of sample ${i}`, data[10 * i + j], probability, 1e-5);
        });
      }
      return {
        work: rows * inferenceFlop(SIZES),
        unit: 'flop',
        run: () => void model.predictProbabilities(x),
        close: () => model.dispose(),
      };
    },
  };
}
