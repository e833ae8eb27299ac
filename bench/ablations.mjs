// What each piece of fitTable's recipe is worth: `npm run build && node bench/ablations.mjs FOLDER [--table NAME]... [--folds 5] --out FILE`, with the
// CSV files of README.md in the folder. Each piece is left out alone; folds, seeds and everything else stay the same. A line of JSON for each
// fit into FILE, which goes on where it ended; `--from FILE` makes the table of docs/tables.md.
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { adamW, cosineCycles, cosineDecay, dense, dropout, lecunNormal, relu, softmaxCrossEntropy } from 'regulus';
import {
  featureScale,
  fitTableWith,
  inTargetUnit,
  periodicEmbedding,
  RobustScaler,
  SmoothClipScaler,
  StandardScaler,
  tableTransformer,
  trainMember,
} from 'regulus/tables';
import { mean, paired, publicTables, scores } from './public-tables.mjs';

const factories = { dense, featureScale, periodicEmbedding };

/** A change of the layers of some types: `change` makes others of the options of each, and is told whether it is the last. */
const layers = (types, change) => (job) => {
  const changed = job.model.layers.flatMap((layer, i, { length }) => {
    const { type, ...options } = layer;
    return types.includes(type) ? change(options, factories[type], i === length - 1) : layer;
  });
  return { ...job, model: { ...job.model, layers: changed } };
};
const without = (...types) => layers(types, () => []);
const leavingOut = (option, ...types) => layers(types, ({ [option]: _, ...options }, factory) => factory(options));
const optimizer = (change) => (job) => {
  const { type, ...options } = job.fit.optimizer;
  return { ...job, fit: { ...job.fit, optimizer: adamW({ ...options, ...change(options) }) } };
};

/** A tenth of the learning rate. */
const slower = optimizer(({ learningRate: { type, ...cycles } }) => ({
  learningRate: cosineCycles({ ...cycles, max: cycles.max / 10 }),
}));

/** The temperatures of a predictor's networks taken back. */
function withoutTemperature({ members, model }) {
  for (const [k, { temperature = 1 }] of members.entries()) {
    const network = model.models[k];
    network.setWeights(inTargetUnit(network.getWeights(), undefined, { temperature: 1 / temperature }));
  }
}

/** The pieces of the recipe of `realmlp`, in brackets what is there instead: a change of each network's job, of the predictor or of the options. */
const pieces = {
  'waves of numbers (`periodicEmbedding`)': { job: without('periodicEmbedding') },
  'a trained scale of each feature (`featureScale`)': { job: without('featureScale') },
  'its sixfold learning rate': { job: leavingOut('learningRateFactor', 'featureScale') },
  'a tenth of the learning rate for biases': {
    job: leavingOut('biasLearningRateFactor', 'dense', 'periodicEmbedding'),
  },
  'NTK parametrization (standard, a tenth of the learning rate)': {
    job: (job) => slower(leavingOut('parametrization', 'dense')(job)),
  },
  'SELU, mish (ReLU)': { job: layers(['selu', 'mish'], () => relu()) },
  'zeros in the last layer (LeCun)': {
    job: layers(['dense'], (options, _, isLast) =>
      dense({ ...options, ...(isLast && { kernelInitializer: lecunNormal() }) }),
    ),
  },
  dropout: { job: without('dropout') },
  'less dropout at the end (constant)': { job: layers(['dropout'], ({ rate }) => dropout(rate.initialLearningRate)) },
  'weight decay': { job: optimizer(() => ({ weightDecay: 0 })) },
  'less weight decay at the end (constant)': {
    job: optimizer(({ weightDecay }) => ({ weightDecay: weightDecay.initialLearningRate })),
  },
  'cycles of the learning rate (constant)': {
    job: optimizer(({ learningRate }) => ({ learningRate: learningRate.max })),
  },
  'cycles of the learning rate (one fall, `cosineDecay`)': {
    job: optimizer(({ learningRate: { max: initialLearningRate, totalSteps: decaySteps } }) => ({
      learningRate: cosineDecay({ initialLearningRate, decaySteps }),
    })),
  },
  'beta2 of 0.95 (0.999)': { job: optimizer(() => ({ beta2: 0.999 })) },
  'label smoothing': {
    job: ({ model, ...job }) => ({
      ...job,
      model: { ...model, ...(model.loss.type === 'softmaxCrossEntropy' && { loss: softmaxCrossEntropy() }) },
    }),
  },
  'the best epoch (the last)': { job: (job) => ({ ...job, fit: { ...job.fit, callbacks: [] } }) },
  'far numbers as logarithms (quartiles alone)': {
    options: () => ({ preprocessing: tableTransformer(new RobustScaler()) }),
  },
  'the same (smooth clipping)': { options: () => ({ preprocessing: tableTransformer(new SmoothClipScaler()) }) },
  'the same by quartiles (mean and standard deviation)': {
    options: () => ({ preprocessing: tableTransformer(new StandardScaler()) }),
  },
  temperature: { predictor: withoutTemperature },
  'five networks (one, without a temperature)': { options: () => ({ members: 1 }) },
};

/** Kinds of networks, instead of the three together. */
const kinds = {
  '`realmlp` alone': { network: { preset: 'realmlp' } },
  '`mlp` alone': { network: { preset: 'mlp' } },
  'the linear model alone': { network: { preset: 'mlp', hiddenUnits: [] } },
  '`tabm`, one network of 32': { network: { preset: 'tabm' }, options: () => ({ members: 1 }) },
};

const network = { preset: 'realmlp' };
const runs = {
  realmlp: { network },
  ...Object.fromEntries(Object.entries(pieces).map(([title, piece]) => [title, { network, ...piece }])),
  together: {},
  ...kinds,
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    table: { type: 'string', multiple: true },
    folds: { type: 'string', default: '5' },
    out: { type: 'string' },
    from: { type: 'string' },
  },
});
const { table: only, folds, out, from = out } = values;
const read = () =>
  existsSync(from)
    ? readFileSync(from, 'utf8')
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line))
    : [];

const done = new Set(read().map(({ name, k, title }) => `${name} ${k} ${title}`));
for (const { name, target, fold } of positionals.length > 0 ? publicTables(positionals[0], only) : []) {
  for (let k = 0; k < Number(folds); k++) {
    const { train, test } = fold(k);
    // Many of the runs have networks in common.
    const known = new Map();
    for (const [title, { network, job: change = (job) => job, predictor: finish, options }] of Object.entries(runs)) {
      if (done.has(`${name} ${k} ${title}`)) continue;
      const own = options?.() ?? {};
      const trainAll = (jobs) =>
        Promise.all(
          jobs.map((each, i) => {
            const job = change(each);
            // What comes back is taken for what the list has.
            jobs[i] = job;
            // The seed tells which rows train.
            const key = JSON.stringify([job.model, job.fit, own]);
            if (!known.has(key)) known.set(key, trainMember(job));
            return known.get(key);
          }),
        );
      const predictor = await fitTableWith(trainAll, train, { target, network, ...own });
      finish?.(predictor);
      const { logLoss, rmse } = scores(predictor, test, target);
      predictor.dispose();
      appendFileSync(out, `${JSON.stringify({ name, k, title, loss: logLoss ?? rmse })}\n`);
    }
  }
}
const lines = read();
print('realmlp', Object.keys(pieces));
print('together', Object.keys(kinds));

/** A row for each title: the change of the loss from `base`, as the mean of its logarithm over the tables, and on how many tables it is more or less. */
function print(base, titles) {
  console.log(
    '| without (with instead) | loss, % | more loss on | less loss on | beyond chance |\n| --- | --- | --- | --- | --- |',
  );
  const lossesOf = (name, title) =>
    lines.filter((line) => line.name === name && line.title === title).map(({ loss }) => loss);
  const percent = (log) => `${log > 0 ? '+' : ''}${(100 * (Math.exp(log) - 1)).toFixed(1)}`;
  for (const title of titles) {
    const changes = [...new Set(lines.map(({ name }) => name))].flatMap((name) => {
      const [own, others] = [lossesOf(name, title), lossesOf(name, base)];
      const differences = own.map((loss, k) => loss - others[k]);
      if (own.length !== others.length || differences.every((d) => d === 0)) return [];
      const { center, half } = paired(differences);
      return { log: Math.log(mean(own) / mean(others)), center, isShown: Math.abs(center) > half };
    });
    if (changes.length < 2) continue;
    const { center, half } = paired(changes.map(({ log }) => log));
    const count = (sign, list = changes) => list.filter((each) => sign * each.center > 0).length;
    const shown = changes.filter(({ isShown }) => isShown);
    const interval = `${percent(center)} (${percent(center - half)} to ${percent(center + half)})`;
    console.log(
      `| ${title} | ${interval} | ${count(1)} | ${count(-1)} | ${count(1, shown)} more, ${count(-1, shown)} less |`,
    );
  }
}
