// The loss of a network whose output holds the predictions of several members of an ensemble.
import type { Backend, Tensor } from '../../backend/index.ts';
import type { RunningLoss } from './loss.ts';

/**
 * A loss for outputs (rows, members, outputSize): the mean of what `loss` gives for each member, so that each learns by itself. Predicted are the
 * means of the members' probabilities, or of their numbers; of means and variances, those of the mixture.
 */
export function memberLoss(
  loss: RunningLoss,
  members: number,
  outputSize: number,
  backend: Backend,
  predictsVariances = false,
): RunningLoss {
  // What is right is counted from `classify`.
  const { countCorrect: _, ...shared } = loss;
  const { classes, targetSize, integerTargets, probabilities, values } = loss;
  const columns = loss.probabilities ? (classes ?? outputSize) : outputSize;
  /** The targets of each member, and what it predicts: (rows, members, …). */
  let repeated: Tensor<Float32Array | Int32Array>;
  let predictions: Tensor;
  let means: Tensor; // (rows, columns)
  /** The means over the members of what `predict` gives for each. */
  const mean = (to: Float32Array, rows: number, predict: (own: Tensor, rows: number) => void) => {
    predict(predictions, rows * members);
    const { data } = predictions;
    for (let i = 0; i < rows * columns; i++) {
      const first = Math.floor(i / columns) * members * columns + (i % columns);
      let sum = 0;
      for (let member = 0; member < members; member++) sum += data[first + member * columns];
      const j = i - columns / 2;
      if (predictsVariances && i % columns >= columns / 2) {
        for (let member = 0; member < members; member++) {
          const distance = data[first - columns / 2 + member * columns] - to[j];
          sum += distance * distance;
        }
      }
      to[i] = sum / members;
    }
  };
  const own: Pick<RunningLoss, 'probabilities' | 'classify' | 'values'> = probabilities
    ? {
        probabilities: ({ data }, output, rows) => mean(data, rows, (p, all) => probabilities(p, output, all)),
        classify(chosen, output, rows) {
          mean(means.data, rows, (p, all) => probabilities(p, output, all));
          if (classes) backend.argmax(chosen, means, rows, columns);
          else for (let i = 0; i < rows * targetSize; i++) chosen.data[i] = Number(means.data[i] > 0.5);
        },
      }
    : {
        values: ({ data }, output, rows) =>
          mean(data, rows, (y, all) =>
            values ? values(y, output, all) : y.data.set(output.data.subarray(0, all * columns)),
          ),
      };
  return {
    ...shared,
    reserve(rows, memory) {
      loss.reserve?.(rows * members, memory);
      repeated = memory[integerTargets ? 'int32' : 'float32'](rows * members * targetSize);
      predictions = memory.float32(rows * members * columns);
      means = memory.float32(rows * columns);
    },
    value(dOutput, output, targets, rows) {
      const { data } = repeated;
      for (let i = 0; i < rows * members * targetSize; i++) {
        const row = Math.floor(i / (members * targetSize));
        data[i] = targets.data[row * targetSize + (i % targetSize)];
      }
      return loss.value(dOutput, output, repeated, rows * members) / members;
    },
    ...own,
  };
}
