// The distribution of each initializer: its variance, its bound where it has one, and its fourth moment over the variance².

/** Of values with mean 0. */
export interface InitializerReference {
  variance(inputs: number, outputs: number): number;
  /** No value is further from 0. */
  bound?(inputs: number, outputs: number): number;
  kurtosis: number;
}

export const references: Record<string, InitializerReference> = {
  heNormal: { variance: (inputs) => 2 / inputs, kurtosis: 3 },
  glorotUniform: {
    variance: (inputs, outputs) => 2 / (inputs + outputs),
    bound: (inputs, outputs) => Math.sqrt(6 / (inputs + outputs)),
    kurtosis: 9 / 5,
  },
  zeros: { variance: () => 0, bound: () => 0, kurtosis: 0 },
};
