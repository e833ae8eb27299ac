// The learning rate of a step, by the formulas of the papers and of Keras.

export type ScheduleReference = (step: number, options: Readonly<Record<string, number>>) => number;

/** Keras' warm-up: linear from 0, before all else. */
const warmed =
  (rate: ScheduleReference): ScheduleReference =>
  (step, { warmupSteps = 0, ...options }) =>
    step < warmupSteps ? (step / warmupSteps) * rate(0, options) : rate(step - warmupSteps, options);

export const references: Record<string, ScheduleReference> = {
  cosineDecay: warmed((step, { initialLearningRate, decaySteps, alpha = 0 }) => {
    const cosine = 0.5 * (1 + Math.cos((Math.PI * Math.min(step, decaySteps)) / decaySteps));
    return initialLearningRate * ((1 - alpha) * cosine + alpha);
  }),
  exponentialDecay: warmed((step, { initialLearningRate, decaySteps, decayRate, staircase }) => {
    const p = step / decaySteps;
    return initialLearningRate * decayRate ** (staircase ? Math.floor(p) : p);
  }),
  piecewiseConstant: warmed((step, { boundaries, values }) => {
    const [ends, rates] = [boundaries, values] as unknown as number[][];
    const place = ends.findIndex((boundary) => step <= boundary);
    return rates.at(place) as number;
  }),
  polynomialDecay: warmed((step, { initialLearningRate, decaySteps, endLearningRate = 1e-4, power = 1 }) => {
    return (
      (initialLearningRate - endLearningRate) * (1 - Math.min(step, decaySteps) / decaySteps) ** power + endLearningRate
    );
  }),
  oneCycle(step, { max, totalSteps, pctStart = 0.3, divFactor = 25, finalDivFactor = 1e4 }) {
    const top = pctStart * totalSteps - 1;
    const annealed = (start: number, end: number, p: number) => end + ((start - end) / 2) * (1 + Math.cos(Math.PI * p));
    const first = max / divFactor;
    if (step < top) return annealed(first, max, step / top);
    return annealed(max, first / finalDivFactor, Math.min(1, (step - top) / (totalSteps - 1 - top)));
  },
  cosineCycles: (step, { max, totalSteps, cycles = 4 }) =>
    (max / 2) * (1 - Math.cos(2 * Math.PI * Math.log2(1 + (2 ** cycles - 1) * Math.min(1, step / totalSteps)))),
  flatCosine: (step, { initialLearningRate, totalSteps, flat = 0.5 }) => {
    const share = Math.min(1, step / totalSteps);
    return share < flat
      ? initialLearningRate
      : (initialLearningRate / 2) * (1 + Math.cos((Math.PI * (share - flat)) / (1 - flat)));
  },
  cosineRestarts: warmed((step, { initialLearningRate, firstDecaySteps, tMul = 2, mMul = 1, alpha = 0 }) => {
    const completed = step / firstDecaySteps;
    // Keras: the number of the restart and what is done of it, by the sum of a geometric series.
    const restart =
      tMul === 1 ? Math.floor(completed) : Math.floor(Math.log(1 - completed * (1 - tMul) + 1e-12) / Math.log(tMul));
    const before = tMul === 1 ? restart : (1 - tMul ** restart) / (1 - tMul);
    const cosine = 0.5 * mMul ** restart * (1 + Math.cos((Math.PI * (completed - before)) / tMul ** restart));
    return initialLearningRate * ((1 - alpha) * cosine + alpha);
  }),
};
