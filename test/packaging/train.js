// What every project of the matrix runs: each entry for browsers is used, and one epoch is trained.
import * as regulus from 'regulus';
import { loadWine } from 'regulus/datasets';
import { runExperiment } from 'regulus/experiment';
import { buildFigures, buildReport, renderPng, renderSvg } from 'regulus/report';

/** Trains one epoch and returns its loss, which must be the same bits everywhere. */
export async function train({ adam, dense, makeMoons, relu, sequential } = regulus) {
  const data = makeMoons({ nSamples: 200, noise: 0.2, randomState: 1 });
  const model = sequential({ inputSize: 2, seed: 1, layers: [dense(16), relu(), dense(2)] });
  const { trainLoss } = await model.fit(data, { epochs: 1, optimizer: adam() });
  model.dispose();
  return trainLoss[0];
}

/** Goes from a spec to the report of one trained epoch. */
export async function report() {
  const { results, figures: data } = await runExperiment({
    name: 'packaging',
    dataset: { generator: 'makeMoons', parameters: { nSamples: 200, noise: 0.2, randomState: 1 } },
    split: { testSize: 0.25, validationSize: 0.25, randomState: 1 },
    scaling: 'standard',
    network: { hiddenUnits: [8] },
    training: { epochs: 1, batchSize: 32, optimizer: { type: 'adam' } },
    variants: [{ label: 'baseline' }],
    seeds: [1],
  });
  const [figure] = buildFigures(results, data);
  const svg = await renderSvg(figure);
  const page = buildReport(results, [{ figure, svg }]);
  if (!page.includes('<svg')) throw new Error('The report has no figure.');
  let png;
  try {
    png = renderPng(svg)[1] === 0x50 ? 'png' : 'no png';
  } catch (error) {
    png = error.name;
  }
  return `${loadWine().y.length} ${results.trials.length} ${png}`;
}

/** All of it, as text. */
export async function run() {
  return `${await train()} ${await report()}`;
}
