// The update of one array by each optimizer, in float64. Penalties, clipping and decay are in `optimizeReference`, which all share.
import { references as schedules } from './schedule.ts';

/** Numbers by name; truth values are only asked for. */
type Options = Readonly<Record<string, number>>;

/** What a rule keeps of one array. */
export interface Slot {
  w: Float64Array;
  /** Steps done, the present one included. */
  t: number;
  first: Float64Array;
  second: Float64Array;
}

export interface OptimizerReference {
  /** The default learning rate. */
  learningRate: number;
  /** The default weight decay. */
  weightDecay?: number;
  /** Changes `slot.w` by the gradient `g`. */
  step(slot: Slot, g: Float64Array, rate: number, options: Options): void;
  /** How far a lasting gradient of 1 moves weight i, for the proximal step. */
  reach(slot: Slot, i: number, rate: number, options: Options): number;
}

const adam: OptimizerReference = {
  learningRate: 1e-3,
  step({ w, t, first, second }, g, rate, { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8 }) {
    for (const [i, value] of g.entries()) {
      first[i] = beta1 * first[i] + (1 - beta1) * value;
      second[i] = beta2 * second[i] + (1 - beta2) * value * value;
      const [m, v] = [first[i] / (1 - beta1 ** t), second[i] / (1 - beta2 ** t)];
      w[i] -= (rate * m) / (Math.sqrt(v) + epsilon);
    }
  },
  reach: ({ second, t }, i, rate, { beta2 = 0.999, epsilon = 1e-8 }) =>
    rate / (Math.sqrt(second[i] / (1 - beta2 ** t)) + epsilon),
};

export const references: Record<string, OptimizerReference> = {
  // Along gradients that are given, and do not depend on the weights, it is the optimizer inside, adam by default.
  sam: adam,
  sgd: {
    learningRate: 0.01,
    step({ w, first: velocity }, g, rate, { momentum = 0, nesterov = 0 }) {
      for (const [i, value] of g.entries()) {
        velocity[i] = momentum * velocity[i] + value;
        w[i] -= rate * (nesterov ? value + momentum * velocity[i] : velocity[i]);
      }
    },
    reach: (_slot, _i, rate, { momentum = 0 }) => rate / (1 - momentum),
  },
  adam,
  adamW: { ...adam, weightDecay: 0.01 },
  adagrad: {
    learningRate: 1e-3,
    step({ w, t, first: sum }, g, rate, { initialAccumulatorValue = 0.1, epsilon = 1e-7 }) {
      if (t === 1) sum.fill(initialAccumulatorValue);
      for (const [i, value] of g.entries()) {
        sum[i] += value * value;
        w[i] -= (rate * value) / (Math.sqrt(sum[i]) + epsilon);
      }
    },
    reach: ({ first }, i, rate, { epsilon = 1e-7 }) => rate / (Math.sqrt(first[i]) + epsilon),
  },
  nadam: {
    ...adam,
    step({ w, t, first, second }, g, rate, { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, momentumDecay = 0.004 }) {
      const mu = (step: number) => momentumOf(step, beta1, momentumDecay);
      let product = 1;
      for (let step = 1; step <= t; step++) product *= mu(step);
      for (const [i, value] of g.entries()) {
        first[i] = beta1 * first[i] + (1 - beta1) * value;
        second[i] = beta2 * second[i] + (1 - beta2) * value * value;
        const ahead = ((1 - mu(t)) * value) / (1 - product) + (mu(t + 1) * first[i]) / (1 - product * mu(t + 1));
        w[i] -= (rate * ahead) / (Math.sqrt(second[i] / (1 - beta2 ** t)) + epsilon);
      }
    },
  },
  lion: {
    learningRate: 1e-3,
    step({ w, first }, g, rate, { beta1 = 0.9, beta2 = 0.99 }) {
      for (const [i, value] of g.entries()) {
        w[i] -= rate * Math.sign(beta1 * first[i] + (1 - beta1) * value);
        first[i] = beta2 * first[i] + (1 - beta2) * value;
      }
    },
    reach: (_slot, _i, rate) => rate,
  },
  rmsprop: {
    learningRate: 1e-3,
    step({ w, first: velocity, second: square }, g, rate, { rho = 0.9, momentum = 0, epsilon = 1e-7 }) {
      for (const [i, value] of g.entries()) {
        square[i] = rho * square[i] + (1 - rho) * value * value;
        velocity[i] = momentum * velocity[i] + value / (Math.sqrt(square[i]) + epsilon);
        w[i] -= rate * velocity[i];
      }
    },
    reach: ({ second }, i, rate, { momentum = 0, epsilon = 1e-7 }) =>
      rate / (1 - momentum) / (Math.sqrt(second[i]) + epsilon),
  },
};

const momentumOf = (t: number, beta1: number, decay: number) => beta1 * (1 - 0.5 * 0.96 ** (t * decay));

/** An array to optimize, with the strengths of its penalty. */
export interface ReferenceParameter {
  w: Float64Array;
  isKernel: boolean;
  l1: number;
  l2: number;
}

const norm = (arrays: readonly Float64Array[]) =>
  Math.sqrt(arrays.reduce((sum, array) => sum + array.reduce((part, value) => part + value * value, 0), 0));

/** Scales arrays so that their norm together is at most `limit`. */
function limitNorm(arrays: readonly Float64Array[], limit: number): void {
  const factor = Math.min(1, limit / norm(arrays));
  for (const array of arrays) for (const i of array.keys()) array[i] *= factor;
}

/**
 * Runs an optimizer on `parameters`, whose gradients without penalties are `gradients[step]`: g + penalties, limited by value,
 * then by norm, then by the norm of all; decoupled decay of kernels; the update; a soft threshold with `proximal`.
 */
export function optimizeReference(
  { type, ...rest }: { readonly type: string },
  parameters: readonly ReferenceParameter[],
  gradients: readonly (readonly Float64Array[])[],
): void {
  if ('optimizer' in rest) {
    optimizeReference(rest.optimizer as { type: string }, parameters, gradients);
    return;
  }
  const rule = references[type];
  const options = rest as Options;
  const { proximal, clipValue, clipNorm, globalClipNorm, ema } = options;
  type Scheduled = number | { type: string };
  const { learningRate = rule.learningRate, weightDecay = rule.weightDecay ?? 0 } = rest as Record<string, Scheduled>;
  const at = (value: Scheduled, step: number) =>
    typeof value === 'object' ? schedules[value.type](step, value as object as Options) : value;
  const slots = parameters.map(({ w }): Slot => {
    return { w, t: 0, first: new Float64Array(w.length), second: new Float64Array(w.length) };
  });
  const averages = parameters.map(({ w }) => w.slice());
  for (const [step, all] of gradients.entries()) {
    const rate = at(learningRate, step);
    const penalized = parameters.map(({ w, l1, l2 }, k) =>
      all[k].map((g, i) => g + (proximal ? 0 : l1 * Math.sign(w[i])) + 2 * l2 * w[i]),
    );
    for (const g of penalized) {
      if (clipValue !== undefined) for (const i of g.keys()) g[i] = Math.min(Math.max(g[i], -clipValue), clipValue);
      if (clipNorm !== undefined) limitNorm([g], clipNorm);
    }
    if (globalClipNorm !== undefined) limitNorm(penalized, globalClipNorm);
    for (const [k, { w, isKernel, l1 }] of parameters.entries()) {
      const decay = isKernel ? rate * at(weightDecay, step) : 0;
      for (const i of w.keys()) w[i] -= decay * w[i];
      slots[k].t++;
      rule.step(slots[k], penalized[k], rate, options);
      for (const i of proximal ? w.keys() : []) {
        w[i] = Math.sign(w[i]) * Math.max(Math.abs(w[i]) - l1 * rule.reach(slots[k], i, rate, options), 0);
      }
      for (const i of w.keys()) averages[k][i] = step > 0 ? ema * averages[k][i] + (1 - ema) * w[i] : w[i];
    }
  }
  if (ema !== undefined) for (const [k, { w }] of parameters.entries()) w.set(averages[k]);
}
