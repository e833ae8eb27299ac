// The outcome: the metric that decides on the test part, for every variant and seed, with means and their intervals.
import { dotPlot, MAX_DOTS, metricAxis, padded } from '../charts.ts';
import { hasManyTrials, testOf, trialNoun } from '../context.ts';
import { defineFigure } from '../figure.ts';
import { applicable, joinNames } from '../words.ts';

export const outcome = defineFigure({
  name: ({ metric }) => `test-${metric.label.replace(/\W+/g, '-')}`,
  title: ({ metric }) => `Test ${metric.label}`,
  draw({ runs, metric }) {
    const estimates = runs.map((run) => {
      const { mean, ci95 } = testOf(run.summary, metric.name);
      const [low, high] = metric.bounded(ci95 ?? [mean, mean]);
      return { run, dots: run.trials.map(({ test }) => test[metric.name]), mean, low, high, label: metric.value(mean) };
    });
    const isThinned = estimates.some(({ dots }) => dots.length > MAX_DOTS);
    const circles = isThinned ? `${MAX_DOTS} evenly picked networks of each variant` : `one ${trialNoun(runs)} each`;
    const domain = padded(
      estimates.flatMap(({ dots, low, high }) => [...dots, low, high]),
      metric,
    );
    const title = `Test ${metric.label}`;
    return {
      caption: applicable(
        hasManyTrials(runs)
          ? `Diamonds are means with their 95 % intervals; circles are ${circles}. The numbers on the right are the means.`
          : 'One seed: each dot is one trained network, and there is no interval to show.',
        'The axis does not start at zero.',
      ).join(' '),
      alt: `Dot plot of test ${metric.label}: ${joinNames(estimates.map(({ run, label }) => `${run.variant} ${label}`))}.`,
      spec: dotPlot({ runs, title, estimates, axis: metricAxis(metric), scale: { domain } }),
    };
  },
});
