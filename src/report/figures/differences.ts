// The differences: how far each variant is from the baseline, pair by pair, with the mean and its interval.
import { dotPlot, MAX_DOTS, tickLabel } from '../charts.ts';
import { trialNoun } from '../context.ts';
import { defineFigure } from '../figure.ts';
import { joinNames } from '../words.ts';

export const differences = defineFigure({
  name: 'paired-differences',
  title: ({ results }) => `Difference to ${results.baseline}`,
  draw({ runs, results: { comparisons, baseline }, metric }) {
    const base = runs.find(({ variant }) => variant === baseline);
    const compared = comparisons.flatMap((comparison) => {
      const run = runs.find(({ variant }) => variant === comparison.variant);
      return run && comparison.p !== null ? [{ run, ...comparison }] : [];
    });
    if (!base || compared.length === 0) return undefined;
    const scale = metric.isShare ? 100 : 1;
    const bases = new Map(base.trials.map(({ fold, seed, test }) => [`${fold?.index} ${seed}`, test[metric.name]]));
    const estimates = compared.map(({ run, verdict, difference: { mean, ci95 } }) => {
      const [low, high] = metric.bounded(ci95 ?? [mean, mean], -1).map((end) => end * scale);
      const dots = run.trials.flatMap(({ fold, seed, test }) => {
        const value = bases.get(`${fold?.index} ${seed}`);
        return value === undefined ? [] : [(test[metric.name] - value) * scale];
      });
      const isHollow = verdict === 'no difference shown';
      return { run, dots, mean: mean * scale, low, high, label: metric.difference(mean), isHollow };
    });
    const unit = metric.isShare ? ' (percentage points)' : '';
    const each = compared.map(
      ({ variant, difference, verdict }) => `${variant} ${metric.difference(difference.mean)} (${verdict})`,
    );
    return {
      caption:
        `Each circle is one ${trialNoun(runs)}: the variant’s test ${metric.label} minus that of ${baseline} from the same start` +
        `${base.trials.length > MAX_DOTS ? ` (${MAX_DOTS} evenly picked)` : ''}. ` +
        `A variant is better to the ${metric.best === 'highest' ? 'right' : 'left'} of the dashed line. ` +
        'Diamonds are means with their 95 % intervals, not corrected for the number of comparisons; filled ones differ from zero after that correction.',
      alt: `Dot plot of differences in test ${metric.label}${unit} to ${baseline}: ${joinNames(each)}.`,
      spec: dotPlot({
        ...{ runs, estimates, scale: { zero: true }, hasZeroLine: true },
        // The unit first: a long title is cut.
        title: `Test ${metric.label}${unit} minus that of ${baseline}`,
        axis: { tickCount: 6, format: '+,~f', labelExpr: tickLabel('+') },
      }),
    };
  },
});
