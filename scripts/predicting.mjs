// Methods that begin when networks have been trained: each takes trials of the tours, and says what comes of predicting in another way.
import { layerFromJson, optimizerFromJson, StandardScaler, softmaxCrossEntropy } from 'regulus';
import { runTrial } from 'regulus/experiment';
import { logLoss } from 'regulus/metrics';
import { ensemble, loadModel } from 'regulus/model';
import { fitTable } from 'regulus/tables';
import { calibrated, conformalSets, mcDropout, temperatureScaling } from 'regulus/uncertainty';

/** The network of a trial. */
const networkOf = async (trial) => loadModel(Buffer.from((await runTrial(trial)).model, 'base64'));

/** The log loss of the probabilities that `predict` gives for a part of the data. */
const loss = ({ x, y }, predict) => logLoss([...y], predict(x));
const plainLoss = (part, model) => loss(part, (x) => model.predictProbabilities(x));

/** A dataset as rows of a table. */
const rowsOf = ({ x: { data, shape }, y }) =>
  Array.from(y, (own, i) => ({
    ...Array.from(data.subarray(i * shape[1], (i + 1) * shape[1])),
    class: `class ${own}`,
  }));

/** The most probable classes of each row, as many as have a probability of `share` together. */
const probableSets = ({ data, shape: [rows, classes] }, share) =>
  Array.from({ length: rows }, (_, i) => {
    const row = [...data.subarray(i * classes, (i + 1) * classes)];
    const ranked = [...row.keys()].sort((a, b) => row[b] - row[a]);
    const before = (rank) => ranked.slice(0, rank).reduce((sum, k) => sum + row[k], 0);
    return ranked.filter((_, rank) => before(rank) < share);
  });

/** How many of the sets have the class of their row. */
const coverage = (sets, { y }) => sets.filter((set, i) => set.includes(y[i])).length / sets.length;

/**
 * Each is told a trial of the variant `on`, and the data of the tours. `train` and `test` are the log losses that count; the figure shows those
 * of the test part, or what stands there instead, `with` the method and `without` it for each `x`.
 */
export const predicting = {
  Ensemble: {
    on: 'Baseline',
    async run(trial, { train, test }) {
      const x = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
      // Of seeds that the tours do not have.
      const models = [];
      for (const k of x) models.push(await networkOf({ ...trial, seed: trial.seed + 100 * (k - 1) }));
      const losses = x.map((k) => plainLoss(test, ensemble(models.slice(0, k))));
      return {
        train: plainLoss(train, ensemble(models.slice(0, 5))),
        test: losses[4],
        ...{ x, with: losses, without: x.map(() => losses[0]) },
      };
    },
  },
  'Bag of folds': {
    on: 'Baseline',
    async run(trial, { train, test }) {
      const x = [1, 2, 3, 4, 5, 7, 10];
      const { epochs, batchSize, optimizer } = trial.training;
      const network = { layers: trial.network.layers.map((layer) => layerFromJson(layer)) };
      const training = { epochs, batchSize, optimizer: optimizerFromJson(optimizer), loss: softmaxCrossEntropy() };
      const options = { target: 'class', preprocessing: new StandardScaler(), network, training, seed: trial.seed };
      const [rows, testRows] = [train, test].map(rowsOf);
      const losses = [];
      for (const members of x) {
        const predictor = await fitTable(rows, { ...options, members });
        losses.push([rows, testRows].map((part) => predictor.evaluate(part).dataLoss));
        predictor.dispose();
      }
      const without = plainLoss(test, await networkOf(trial));
      return {
        train: losses[4][0],
        test: losses[4][1],
        ...{ x, with: losses.map(([, own]) => own), without: x.map(() => without) },
      };
    },
  },
  'MC dropout': {
    on: 'Dropout',
    async run(trial, { train, test }) {
      const x = [2, 5, 10, 20, 30, 40, 50];
      const model = await networkOf(trial);
      const own = (part, samples) => loss(part, (rows) => mcDropout(model, rows, { samples, seed: trial.seed }).mean);
      const without = plainLoss(test, model);
      return {
        train: own(train, 30),
        test: own(test, 30),
        ...{ x, with: x.map((samples) => own(test, samples)), without: x.map(() => without) },
      };
    },
  },
  'Temperature scaling': {
    on: 'Baseline',
    async run(trial, { train, validation, test }) {
      const x = [0.5, 1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10];
      const model = await networkOf(trial);
      const own = (part, t) => loss(part, (rows) => calibrated(model.predictProbabilities(rows), t));
      const { temperature } = temperatureScaling(model, validation);
      const without = plainLoss(test, model);
      return {
        train: own(train, temperature),
        test: own(test, temperature),
        ...{ x, with: x.map((t) => own(test, t)), without: x.map(() => without) },
      };
    },
  },
  'Conformal prediction': {
    on: 'Baseline',
    async run(trial, { train, validation, test }) {
      const x = [0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99];
      const model = await networkOf(trial);
      const probabilities = model.predictProbabilities(test.x);
      return {
        // It leaves probabilities as they are.
        train: plainLoss(train, model),
        test: plainLoss(test, model),
        x,
        with: x.map((share) => coverage(conformalSets(model, validation, { alpha: 1 - share }).predict(test.x), test)),
        without: x.map((share) => coverage(probableSets(probabilities, share), test)),
      };
    },
  },
};
