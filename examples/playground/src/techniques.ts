// The four techniques of regularization: names, ranges of their sliders, and what each does in a sentence.

export type TechniqueName = 'l1' | 'l2' | 'dropout' | 'patience';

export interface Technique {
  name: TechniqueName;
  title: string;
  /** What the slider sets. */
  parameter: string;
  /** What the technique does, in a sentence. */
  explanation: string;
  /** The value when it is switched on. */
  initial: number;
  /** The values that the slider offers, in order. */
  values: readonly number[];
}

/** 1, 2 and 5 times the powers of ten. */
const strengths = [1e-5, 2e-5, 5e-5, 1e-4, 2e-4, 5e-4, 1e-3, 2e-3, 5e-3, 1e-2, 2e-2, 5e-2];

export const techniques: readonly Technique[] = [
  {
    name: 'l1',
    title: 'L1',
    parameter: 'L1 strength λ',
    explanation:
      'Adds λ·Σ|w| to the loss: every weight is pulled to zero with the same force, so those that do not help vanish.',
    initial: 1e-3,
    values: strengths,
  },
  {
    name: 'l2',
    title: 'L2',
    parameter: 'L2 strength λ',
    explanation:
      'Adds λ·Σw² to the loss: the larger a weight, the harder it is pulled back, so the boundary stays smooth.',
    initial: 5e-3,
    values: strengths,
  },
  {
    name: 'dropout',
    title: 'Dropout',
    parameter: 'Dropout rate',
    explanation:
      'Switches off this share of the hidden units, others at every step, so that none can rely on what another one does.',
    initial: 0.5,
    values: Array.from({ length: 18 }, (_, i) => (i + 1) / 20),
  },
  {
    name: 'patience',
    title: 'Early stopping',
    parameter: 'Patience, epochs',
    explanation:
      'Ends training when the validation loss has not improved for this many epochs, and goes back to the best weights.',
    initial: 15,
    values: [1, 2, 3, 5, 8, 10, 15, 20, 30, 50, 100],
  },
];
