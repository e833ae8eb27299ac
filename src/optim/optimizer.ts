// What an optimizer is: the update of one array. The loop over arrays, the learning rate's schedule, clipping, penalties,
// decay, constraints and what a checkpoint keeps are written once, here.
import { type Backend, layOut, type Memory, type Tensor } from '../backend/index.ts';
import {
  anyOf,
  boolean,
  checkDefinition,
  checkMethods,
  checkOption,
  type Definition,
  type Description,
  define,
  definitionOf,
  type Factory,
  fail,
  kind,
  number,
  type OptionRules,
  type ResolvedOptions,
  scheduled,
} from '../errors/index.ts';

/** What an optimizer knows of a trained array. */
export interface OptimizedParameter {
  /** Kernels have two dimensions, biases one. */
  readonly shape: readonly number[];
  readonly value: Tensor;
  readonly gradient: Tensor;
  /** A penalty: strengths for the kernels, or a gradient to add before the update. */
  readonly regularizer?:
    | { readonly l1?: number; readonly l2?: number; addGradient?(gradient: Tensor, w: Tensor): void }
    | undefined;
  /** What the learning rate is multiplied by, 1 by default; weight decay is not. */
  readonly learningRateFactor?: number | undefined;
  /** What is done to the array after its update. */
  readonly constraint?: ((w: Tensor) => void) | undefined;
}

/** Parameters with the same penalties and learning rates that are one array, kernels before biases, as their gradients are. */
export interface OptimizedBlock {
  readonly parameters: readonly OptimizedParameter[];
  readonly value: Tensor;
  readonly gradient: Tensor;
}

/** How one array is updated, for a given set of options. */
export interface UpdateRule {
  /** How many arrays of the parameter's size are kept for each parameter, zeros at first. */
  readonly slots: number;
  /** Numbers that change from step to step, such as powers of β; checkpoints keep them. */
  readonly numbers?: number[];
  /** Called once a step, before the arrays are updated. */
  beginStep?(): void;
  /** Whether each weight is updated by its own gradient alone; then several arrays can be updated as one. */
  readonly elementwise?: boolean;
  /** Whether `update` itself subtracts `decay`·w. */
  readonly decays?: boolean;
  /** Whether `update` itself adds the gradients of penalties to g, as kernels do; otherwise g has them, and l1 and l2 are 0. */
  readonly penalizes?: boolean;
  /** Changes w by g, with `penalizes` by g + l1·sign(w) + 2·l2·w. `rate` is that of the array, `decay` the learning rate times the weight decay. */
  update(w: Tensor, g: Tensor, slots: readonly Tensor[], rate: number, l1: number, l2: number, decay: number): void;
  /** The proximal step of L1 that follows an update without its gradient; needed for the option `proximal`. */
  threshold?(w: Tensor, slots: readonly Tensor[], rate: number, l1: number): void;
}

/** How an optimizer computes. */
export interface OptimizerDefinition<R extends OptionRules = OptionRules> extends Definition<R> {
  /** Starts the update rule; `options` have their defaults. */
  build(options: ResolvedOptions<R>, backend: Backend): UpdateRule;
}

/** An optimizer around another one, which does the updates. */
export interface WrapperDefinition<R extends OptionRules = OptionRules> extends Definition<R> {
  start(
    options: ResolvedOptions<R>,
    parameters: readonly OptimizedParameter[],
    backend: Backend,
    memory: Memory,
    where: string,
    blocks?: readonly OptimizedBlock[],
  ): RunningOptimizer;
}

/** The rule of `learningRate`, with the optimizer's own default. */
/* @__NO_SIDE_EFFECTS__ */
export function learningRate(value: number) {
  return anyOf([number('(0, inf)'), kind('schedule')], { default: value, describe: 'Step size, or a schedule of it' });
}

/** The rule of `weightDecay`, with the optimizer's own default. */
/* @__NO_SIDE_EFFECTS__ */
export function weightDecay(value: number) {
  return anyOf([number('[0, inf)'), kind('schedule')], {
    default: value,
    describe:
      'Share of a kernel, times the learning rate, that every step takes away, or a schedule of it; no part of the loss',
  });
}

/** The rule of `epsilon` where gradients are divided by their size, with the optimizer's own default. */
/* @__NO_SIDE_EFFECTS__ */
export function epsilon(value: number) {
  return number('(0, inf)', { default: value, describe: 'Added to the denominator' });
}

/** The rule of `momentum` where steps may have a velocity. */
export const momentum = number('[0, 1)', { default: 0, describe: 'Share of the velocity that is kept' });

/** The options that all optimizers have. */
const common = {
  learningRate: learningRate(0.001),
  weightDecay: weightDecay(0),
  proximal: boolean({
    default: false,
    describe: 'Whether L1 makes weights exactly 0, by a soft threshold after the step instead of its gradient',
  }),
  clipValue: number('(0, inf)', { optional: true, describe: 'Every element of a gradient is limited to ± this' }),
  clipNorm: number('(0, inf)', { optional: true, describe: 'The norm of each gradient is limited to this' }),
  globalClipNorm: number('(0, inf)', {
    optional: true,
    describe: 'The norm of all gradients together is limited to this',
  }),
  ema: number('(0, 1)', {
    optional: true,
    describe: 'Evaluates and ends with a running average of the weights, of which every step keeps this share',
  }),
};

type Common = typeof common;
type WithCommon<R> = Omit<Common, keyof R> & R;

/**
 * Defines an optimizer. Its options are joined by those that all have: `learningRate` (a number or a schedule), `weightDecay`
 * (decoupled, on kernels alone), `proximal`, `clipValue`, `clipNorm`, `globalClipNorm` and `ema`.
 *
 * `proximal` minimizes the same loss in another way. Without it, the subgradient l1·sign(w) of an L1 penalty is added to the
 * gradient, as other libraries do; a weight that the penalty drives towards 0 then jumps back and forth across it and is
 * hardly ever exactly 0. With it, the optimizer steps along the rest of the gradient, then the soft threshold
 * sign(w)·max(|w| − t, 0) is applied, and such weights become and stay exactly 0: use it to select features, or to count or
 * prune connections.
 *
 * `ema` keeps an exponential moving average of the weights beside them (Polyak & Juditsky 1992; as Keras' `ema_momentum`): after each
 * step, average = ema·average + (1 − ema)·w, from the weights after the first step. Validation and callbacks at the end of an epoch
 * see the average, and training ends with it; batches and checkpoints have the weights themselves.
 *
 * @example
 * ```js
 * import { defineOptimizer } from 'regulus';
 *
 * const signDescent = defineOptimizer({
 *   type: 'signDescent',
 *   options: {},
 *   build: () => ({
 *     slots: 0,
 *     update: ({ data: w }, { data: g }, slots, rate) => {
 *       for (let i = 0; i < w.length; i++) w[i] -= rate * Math.sign(g[i]);
 *     },
 *   }),
 * });
 * console.log(signDescent({ learningRate: 0.01 })); // { type: 'signDescent', learningRate: 0.01 }
 * ```
 */
/* @__NO_SIDE_EFFECTS__ */
export function defineOptimizer<const T extends string, const R extends OptionRules>(
  definition: OptimizerDefinition<R> & { readonly type: T },
): Factory<'optimizer', T, WithCommon<R>> {
  checkDefinition('optimizer', definition, 'build');
  const options = { ...common, ...definition.options };
  return define('optimizer', { ...definition, options }) as unknown as Factory<'optimizer', T, WithCommon<R>>;
}

/** An optimizer at work. `tensors` and `numbers` are all that it remembers; writing them takes it back to an earlier step. */
export interface RunningOptimizer {
  readonly type: string;
  /**
   * Changes the parameters by their gradients; to be called once per batch. `again` computes the gradients once more, of the same batch
   * at the parameters as they are then; without it, they stay what they are.
   */
  update(again?: () => void): void;
  /** With `ema`, puts the averages in the place of the weights, or the weights back. */
  useAverages(on: boolean): void;
  /** The rate of the next step. */
  readonly learningRate: number;
  /** The same as its option has it, whatever has multiplied it or been set in its place. */
  readonly ownLearningRate: number;
  /** Multiplies the rates of all later steps. */
  scaleLearningRate(factor: number): void;
  /** Makes `rate` that of all later steps, in the place of the option and of what has multiplied it. */
  setLearningRate(rate: number): void;
  readonly tensors: readonly Tensor[];
  readonly numbers: readonly number[];
  setNumbers(numbers: readonly number[]): void;
}

/** Starts an optimizer on `parameters`, which may be in `blocks`, with arrays of its own in `memory`. */
export function startOptimizer(
  description: Description<'optimizer'>,
  parameters: readonly OptimizedParameter[],
  backend: Backend,
  memory: Memory,
  where = 'Sequential.fit',
  blocks?: readonly OptimizedBlock[],
): RunningOptimizer {
  type Known = OptimizerDefinition | WrapperDefinition;
  const { definition, options } = definitionOf<Known>('optimizer', where, 'optimizer', description);
  if ('start' in definition) return definition.start(options, parameters, backend, memory, where, blocks);
  const { learningRate, weightDecay, proximal, clipValue, clipNorm, globalClipNorm, ema } =
    options as ResolvedOptions<Common>;
  const rule = definition.build(options, backend);
  checkMethods(definition.type, rule, 'update');
  if (proximal && !rule.threshold) {
    fail(definition.type, 'proximal', 'false', proximal, 'This optimizer has no proximal step.');
  }
  const { type } = definition;
  const rateOf = scheduled(type, 'learningRate', learningRate);
  const decayOf = scheduled(type, 'weightDecay', weightDecay);
  const single = () => parameters.map((own) => ({ parameters: [own], value: own.value, gradient: own.gradient }));
  const joined = rule.elementwise ? blocks : undefined;
  const updated = (weightDecay === 0 ? joined : joined?.flatMap((block) => byDecay(block, backend))) ?? single();
  const slots = updated.map(({ value }) => Array.from({ length: rule.slots }, () => memory.float32(value.length)));
  const averages = parameters.flatMap(({ value }) => (ema === undefined ? [] : [memory.float32(value.length)]));
  let averaged = false;
  // Numbers in typed arrays are no objects: were the strengths fields, V8 would compile the loop anew for the first model
  // where one is not 0.
  const l1s = Float64Array.from(updated, ({ parameters: [{ regularizer }] }) => regularizer?.l1 ?? 0);
  const l2s = Float64Array.from(updated, ({ parameters: [{ regularizer }] }) => regularizer?.l2 ?? 0);
  const factors = Float64Array.from(updated, ({ parameters: [own] }) => own.learningRateFactor ?? 1);
  const decays = Float64Array.from(updated, ({ parameters: [own] }) => Number(decaying(own)));
  // Steps, what the learning rate is multiplied by, and what has been set in its place, −1 for nothing.
  const counters = Float64Array.of(0, 1, -1);
  const rateNow = () => (counters[2] < 0 ? rateOf(counters[0]) : counters[2]) * counters[1];
  const clips = clipValue !== undefined || clipNorm !== undefined || globalClipNorm !== undefined;
  const decaysFirst = weightDecay !== 0 && !rule.decays;
  // Before the update, where the rule does not add them, gradients are clipped, or the weights have decayed by then.
  const addsPenalties = !rule.penalizes || clips || decaysFirst;
  const addsGradients = addsPenalties || parameters.some(({ regularizer }) => regularizer?.addGradient);
  const fusedL1s = l1s.map((l1) => (addsPenalties || proximal ? 0 : l1));
  const fusedL2s = l2s.map((l2) => (addsPenalties ? 0 : l2));
  const follows = ema !== undefined || parameters.some(({ constraint }) => constraint);
  const ruleNumbers = rule.numbers ?? [];

  /** Makes the gradients those of the whole loss. */
  const addPenalties = () => {
    for (let i = 0; i < parameters.length; i++) {
      const { value, gradient, regularizer } = parameters[i];
      regularizer?.addGradient?.(gradient, value);
    }
    for (let i = 0; addsPenalties && i < updated.length; i++) {
      const { value, gradient } = updated[i];
      const l1 = proximal ? 0 : l1s[i];
      if (l1 + l2s[i] > 0) backend.addPenaltyGradient(gradient, value, value.length, l1, l2s[i]);
    }
  };
  /** Limits them. */
  const clip = () => {
    let squares = 0;
    for (let i = 0; i < parameters.length; i++) {
      const { gradient } = parameters[i];
      const { length } = gradient;
      if (clipValue !== undefined) backend.clip(gradient, gradient, length, -clipValue, clipValue);
      if (clipNorm !== undefined) shrink(gradient, clipNorm, backend.penalty(gradient, length, 0, 1));
      if (globalClipNorm !== undefined) squares += backend.penalty(gradient, length, 0, 1);
    }
    if (globalClipNorm === undefined) return;
    for (let i = 0; i < parameters.length; i++) shrink(parameters[i].gradient, globalClipNorm, squares);
  };
  const shrink = (gradient: Tensor, norm: number, squares: number) => {
    if (squares > norm * norm) backend.scale(gradient, gradient, gradient.length, norm / Math.sqrt(squares));
  };

  const update = () => {
    const rate = rateNow();
    const strength = rate * decayOf(counters[0]++);
    rule.beginStep?.();
    if (addsGradients) addPenalties();
    if (clips) clip();
    for (let i = 0; i < updated.length; i++) {
      const { value, gradient } = updated[i];
      const ownRate = rate * factors[i];
      const decay = strength * decays[i];
      if (decay > 0 && decaysFirst) backend.addScaled(value, value, value.length, -decay);
      rule.update(value, gradient, slots[i], ownRate, fusedL1s[i], fusedL2s[i], decay);
      if (proximal && l1s[i] > 0) rule.threshold?.(value, slots[i], ownRate, l1s[i]);
    }
    if (follows) follow();
  };
  /** What is done to each array after the update. */
  const follow = () => {
    for (let i = 0; i < parameters.length; i++) {
      const { value, constraint } = parameters[i];
      constraint?.(value);
      if (ema !== undefined) backend.moveTowards(averages[i], value, value.length, counters[0] > 1 ? 1 - ema : 1);
    }
  };
  return {
    type,
    update,
    useAverages(on) {
      if (on === averaged || counters[0] === 0) return;
      averaged = on;
      averages.forEach(({ data }, i) => {
        const { data: weights } = parameters[i].value;
        const kept = weights.slice();
        weights.set(data);
        data.set(kept);
      });
    },
    tensors: [...slotsByParameter(parameters, updated, slots, backend), ...averages],
    get numbers() {
      return [...counters, ...ruleNumbers];
    },
    get learningRate() {
      return rateNow();
    },
    get ownLearningRate() {
      return rateOf(counters[0]);
    },
    scaleLearningRate(factor) {
      counters[1] *= factor;
    },
    setLearningRate(rate) {
      counters.set([1, checkOption(type, 'rate', rate, number('[0, inf)'))], 1);
    },
    setNumbers([steps, scale, rate, ...others]) {
      counters.set([steps, scale, rate]);
      others.forEach((value, i) => {
        ruleNumbers[i] = value;
      });
    },
  };
}

/** Kernels decay, biases never. */
const decaying = ({ shape }: OptimizedParameter) => shape.length > 1;

/** The kernels of a block, and its biases. */
function byDecay({ parameters, value, gradient }: OptimizedBlock, backend: Backend): OptimizedBlock[] {
  const kernels = parameters.filter(decaying);
  const { length } = layOut(kernels.map((kernel) => kernel.value));
  const part = (own: OptimizedParameter[], start: number, end: number) => ({
    parameters: own,
    value: backend.part(value, start, end - start),
    gradient: backend.part(gradient, start, end - start),
  });
  const biases = parameters.slice(kernels.length);
  return [part(kernels, 0, length), part(biases, length, value.length)].filter((own) => own.parameters.length > 0);
}

/** The slots of each parameter, in their order. */
function slotsByParameter(
  parameters: readonly OptimizedParameter[],
  blocks: readonly OptimizedBlock[],
  slots: readonly (readonly Tensor[])[],
  backend: Backend,
): Tensor[] {
  const parts = new Map<OptimizedParameter, Tensor[]>();
  blocks.forEach((block, i) => {
    const { starts } = layOut(block.parameters.map(({ value }) => value));
    block.parameters.forEach((own, j) => {
      const ownSlots = slots[i].map((slot) => backend.part(slot, starts[j], own.value.length));
      parts.set(own, ownSlots);
    });
  });
  return parameters.flatMap((parameter) => parts.get(parameter) ?? []);
}
