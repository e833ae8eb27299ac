// Statistics: what verdicts need, from arithmetic that is the same on every engine.
export { average, type Estimate, estimate, estimateShare, median, quantiles, sum } from './estimate.ts';
export { holm, pairedTTest, welch } from './hypothesis-tests.ts';
