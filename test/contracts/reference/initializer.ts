// The distribution of each initializer: its variance, its bound where it has one, and its fourth moment over the variance².

/** Of the values without their mean. */
export interface InitializerReference {
  variance(inputs: number, outputs: number): number;
  /** 0 where it is left out. */
  mean?: number;
  /** No value is further from 0. */
  bound?(inputs: number, outputs: number): number;
  kurtosis: number;
}

export const references: Record<string, InitializerReference> = {
  heNormal: { variance: (inputs) => 2 / inputs, kurtosis: 3 },
  glorotNormal: { variance: (inputs, outputs) => 2 / (inputs + outputs), kurtosis: 3 },
  lecunNormal: { variance: (inputs) => 1 / inputs, kurtosis: 3 },
  heUniform: { variance: (inputs) => 2 / inputs, bound: (inputs) => Math.sqrt(6 / inputs), kurtosis: 9 / 5 },
  lecunUniform: { variance: (inputs) => 1 / inputs, bound: (inputs) => Math.sqrt(3 / inputs), kurtosis: 9 / 5 },
  // Of samples: gain 1.5.
  orthogonal: { variance: (inputs, outputs) => 2.25 / Math.max(inputs, outputs), kurtosis: 3 },
  // Mean 0.3, deviation 0.2 within two of them: the moments of the truncated normal distribution.
  truncatedNormal: { mean: 0.3, variance: () => 0.04 * 0.773741, bound: () => 0.4, kurtosis: 2.36559 },
  // Of samples: from −0.1 to 0.7.
  randomUniform: { mean: 0.3, variance: () => 0.64 / 12, bound: () => 0.4, kurtosis: 9 / 5 },
  constant: { mean: Math.fround(0.3), variance: () => 0, bound: () => 0, kurtosis: 0 },
  glorotUniform: {
    variance: (inputs, outputs) => 2 / (inputs + outputs),
    bound: (inputs, outputs) => Math.sqrt(6 / (inputs + outputs)),
    kurtosis: 9 / 5,
  },
  zeros: { variance: () => 0, bound: () => 0, kurtosis: 0 },
};
