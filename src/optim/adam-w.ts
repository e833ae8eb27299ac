// AdamW: Adam with decoupled weight decay.
import { checkKeys, checkNumber } from '../errors/index.ts';
import { type AdamOptions, adamKeys, makeAdam } from './adam.ts';
import type { Optimizer } from './optimizer.ts';

/** Options of {@link adamW}. */
export interface AdamWOptions extends AdamOptions {
  /** Share of a kernel weight, times `learningRate`, that every step takes away; 0.01 by default. */
  weightDecay?: number;
}

/**
 * AdamW (Loshchilov & Hutter 2019, algorithm 2, without a schedule; as in PyTorch): Adam, and every step also takes
 * learningRate·weightDecay·w from each weight of a kernel, before its own step. Biases never decay.
 *
 * Unlike an `l2()` penalty, the decay does not pass through Adam's moments, so all weights shrink at the same rate,
 * whatever the size of their gradients; and it is no part of the loss. Both can be used together.
 *
 * @throws ParameterError for an unknown option or a value out of range.
 */
export function adamW(options: AdamWOptions = {}): Optimizer {
  checkKeys('adamW', options, [...adamKeys, 'weightDecay']);
  return makeAdam(
    'adamW',
    options,
    checkNumber('adamW', 'weightDecay', options.weightDecay ?? 0.01, '[0, inf)', 'Use adam() for no decay.'),
  );
}
