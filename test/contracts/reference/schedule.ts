// The learning rate of a step, by the formulas of the papers and of Keras.

export type ScheduleReference = (step: number, options: Readonly<Record<string, number>>) => number;

export const references: Record<string, ScheduleReference> = {
  cosineDecay(step, { initial, decaySteps, alpha = 0 }) {
    const cosine = 0.5 * (1 + Math.cos((Math.PI * Math.min(step, decaySteps)) / decaySteps));
    return initial * ((1 - alpha) * cosine + alpha);
  },
};
