// How far a model has been trained.

/** It goes on over several fits, so that no mask and no order comes twice. */
export interface Progress {
  seed: number;
  steps: number;
  epochs: number;
  disposed: boolean;
}
