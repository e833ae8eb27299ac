// What every project of the matrix runs: each entry for browsers is used, and one epoch is trained here and in a worker.
import * as regulus from 'regulus';
import { loadWine } from 'regulus/datasets';
import { expand, runExperiment, runTrial, validateResults, validateSpec } from 'regulus/experiment';
import { buildFigures, buildReport, renderPng, renderSvg } from 'regulus/report';
import { sequential as inWorker } from 'regulus/worker';

/** Trains one epoch and returns its loss, which must be the same bits everywhere. */
export async function train({ adam, dense, makeMoons, relu, sequential } = regulus) {
  const data = makeMoons({ nSamples: 200, noise: 0.2, randomState: 1 });
  const model = await sequential({ inputSize: 2, seed: 1, layers: [dense(16), relu(), dense(2)] });
  const { trainLoss } = await model.fit(data, { epochs: 1, optimizer: adam() });
  model.dispose();
  return trainLoss[0];
}

const spec = {
  name: 'packaging',
  dataset: { generator: 'makeMoons', parameters: { nSamples: 200, noise: 0.2, randomState: 1 } },
  split: { testSize: 0.25, validationSize: 0.25, randomState: 1 },
  scaling: 'standard',
  network: { hiddenUnits: [8] },
  training: { epochs: 1, batchSize: 32, optimizer: { type: 'adam' } },
  variants: [{ label: 'baseline' }],
  seeds: [1],
};

/** Goes from a spec to the report of one trained epoch; returns the hash of its figures, and whether there is a PNG. */
async function report() {
  const wrong = errorOf(() => validateSpec({ ...spec, scaling: 'standart' }));
  if (!wrong.message.includes("Did you mean 'standard'?")) throw wrong;
  const { results, figures: data } = await runExperiment(validateSpec(spec));
  const [trial] = expand(spec, { numerics: 'reproducible' });
  const again = await runTrial(trial);
  const losses = [again, ...validateResults(results).trials].map(({ test }) => test.loss);
  if (!(losses[0] > 0 && losses[0] === losses[1])) throw new Error(`The same trial gave ${losses.join(' and ')}.`);

  const figures = [];
  for (const figure of buildFigures(results, data)) figures.push({ figure, svg: await renderSvg(figure) });
  if (!buildReport(results, figures).includes('<svg')) throw new Error('The report has no figure.');
  const png = errorOf(() => {
    if (renderPng(figures[0].svg)[1] !== 0x50) throw new Error('This is no PNG.');
  });
  return `${await digest(figures.map(({ svg }) => svg).join(''))} | ${png?.name ?? 'png'}`;
}

async function digest(text) {
  const bytes = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
  return Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

function errorOf(work) {
  try {
    work();
    return undefined;
  } catch (error) {
    return error;
  }
}

/** All of it, as text: loss | loss in a worker | hash of the figures | PNG. Where there are none, the name of the error. */
export async function run() {
  const loss = await train();
  const worker = await train({ ...regulus, sequential: inWorker }).catch(({ name, message }) => {
    if (name === 'EnvironmentError') return name;
    throw new Error(message);
  });
  if (loadWine().y.length !== 178) throw new Error('The wines are not all there.');
  return `${loss} | ${worker} | ${await report()}`;
}
