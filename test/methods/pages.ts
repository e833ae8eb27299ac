// What the pages of docs/methods say beside what is taken from the definitions: which variant of the tours a page is about, and when the
// method helps.

export interface Page {
  /** The variant of the tours, and the title. */
  title: string;
  /** The kinds that the page takes comment, options and example from. */
  types: readonly string[];
  /** Where the method is an option of a kind that has others, too: those that belong to it. */
  options?: readonly string[];
  /** In this case, what it does and where it comes from, which stands in no comment of its own. */
  text?: string;
  /** In this case, code that shows it. */
  example?: string;
  helps: string;
  /** For a method of predicting: what its figure shows. */
  figure?: { readonly x: string; readonly y: string; readonly greatest: number };
}

const testLoss = { y: 'test cross-entropy', greatest: 1.6 };

export const pages: readonly Page[] = [
  {
    title: 'L1 penalty',
    types: ['l1'],
    helps:
      'Where few of many features matter: it drives the weights of the others to 0, exactly with `proximal`. Too much of it keeps the network from learning at all.',
  },
  {
    title: 'L2 penalty',
    types: ['l2'],
    helps:
      'Almost always a little. It shrinks all weights in proportion to their size, and with them the slopes of the network. With Adam, weight decay does the same more evenly.',
  },
  {
    title: 'L1 and L2 penalty',
    types: ['l1l2'],
    helps:
      'Where features come in groups that tell the same: L1 alone keeps one of each at random, together they keep the group.',
  },
  {
    title: 'Group lasso',
    types: ['groupLasso'],
    helps: 'Where features should be left out as wholes: all weights that leave an input become 0 together.',
  },
  {
    title: 'Orthogonal penalty',
    types: ['orthogonalRegularizer'],
    helps: 'In deep networks, whose signals it keeps from growing or vanishing. In two layers there is little to gain.',
  },
  {
    title: 'Max norm',
    types: ['maxNorm'],
    helps:
      'Together with dropout and high learning rates: no unit can grow beyond its limit, however long training goes on.',
  },
  {
    title: 'Unit norm',
    types: ['unitNorm'],
    helps: 'Where the directions of weights should matter and not their size, such as for features of one scale.',
  },
  {
    title: 'Non-negative weights',
    types: ['nonNegative'],
    helps:
      'Where it is known that what is predicted can only grow with the features: with it in every layer and activations that only grow, so does the network. Elsewhere it takes from the network what it needs.',
  },
  {
    title: 'Dropout',
    types: ['dropout', 'alphaDropout'],
    helps:
      'Where a network has more units than the data can determine: units that may be missing cannot rely on each other. On large, clean data it costs accuracy.',
  },
  {
    title: 'DropConnect',
    types: ['dense'],
    options: ['dropConnect'],
    text: 'Each step of training leaves out a share of the kernel and scales the rest by 1 / (1 − share): y = x·(kernel ∘ mask) / (1 − share) + bias, with one mask for the whole batch (Wan et al. 2013).',
    helps: 'As dropout; it is the finer noise, on connections instead of units.',
  },
  {
    title: 'Gaussian dropout',
    types: ['gaussianDropout'],
    helps: 'As dropout, without units that are exactly 0: it suits activations that have no zeros of their own.',
  },
  {
    title: 'Gaussian noise',
    types: ['gaussianNoise'],
    helps:
      'Where activations are scaled alike. It smooths the function between layers, as noise on the inputs does in front of them.',
  },
  {
    title: 'Batch normalization',
    types: ['batchNormalization'],
    helps:
      'In deep networks and with high learning rates. Its noise regularizes where batches are small; batches of one or two are too small.',
  },
  {
    title: 'Layer normalization',
    types: ['layerNormalization'],
    helps: 'Where batches are small or rows differ in scale. It stabilizes deep networks rather than regularizes.',
  },
  {
    title: 'Stochastic depth',
    types: ['residual'],
    helps:
      'In deep residual networks, whose blocks it makes independent of each other, and whose steps it makes shorter.',
  },
  {
    title: 'Label smoothing',
    types: ['softmaxCrossEntropy'],
    options: ['labelSmoothing'],
    text: 'The target of each row is (1 − ε) for its class plus ε / K for each of the K classes (Szegedy et al. 2016). Logits then have a finite optimum, so that the network does not become ever surer.',
    helps:
      'Where labels are noisy. Where they are not, probabilities are less sure than they should be, which a temperature undoes.',
  },
  {
    title: 'Mixup',
    types: ['mixup'],
    helps:
      'Where few rows leave space between them: the network has to be linear there. On data with sharp edges it blurs them.',
  },
  {
    title: 'CutMix',
    types: ['cutmix'],
    helps:
      'Where features are redundant and rows are few. Rows that are made of two may belong to neither class, which costs much on clean data.',
  },
  {
    title: 'Cutout',
    types: ['cutout'],
    helps: 'Where features are redundant, so that a row can be told from part of them.',
  },
  {
    title: 'Input noise',
    types: ['inputNoise'],
    helps:
      'Where features are measured with errors, or scaled alike: the function becomes smooth on the scale of the noise.',
  },
  {
    title: 'Adversarial training',
    types: ['adversarial'],
    helps:
      'Where predictions must not change with small changes of the features. It widens the margin around rows; a step costs two.',
  },
  {
    title: 'Weight decay',
    types: ['adamW'],
    options: ['weightDecay'],
    helps: 'Almost always, with Adam and its relatives. It can have a schedule of its own.',
  },
  {
    title: 'Gradient clipping',
    types: ['sgd'],
    options: ['clipValue', 'clipNorm', 'globalClipNorm'],
    text: 'Limits gradients before the update (Pascanu et al. 2013): each element to ± `clipValue`, or a gradient g to g · min(1, limit / ‖g‖), array by array or with the norm of all together.',
    helps: 'Against single batches that throw training off. It keeps training stable rather than regularizes.',
  },
  {
    title: 'Sharpness-aware minimization',
    types: ['sam'],
    helps:
      'Where there are many ways to fit the training data: it looks for one whose neighbourhood fits, too. A step costs two.',
  },
  {
    title: 'Average of weights (EMA)',
    types: ['sgd'],
    options: ['ema'],
    text: 'Keeps an exponential moving average of the weights beside them (Polyak & Juditsky 1992): after each step, average = ema·average + (1 − ema)·w. Validation and the end of training have the average.',
    helps: 'With constant learning rates, whose last steps still jump about: the average lies in the middle of them.',
  },
  {
    title: 'Average of weights (SWA)',
    types: ['swa'],
    helps:
      'At the end of training with a constant or high learning rate: the mean of the last epochs lies in a flatter place than each of them.',
  },
  {
    title: 'Snapshot ensemble',
    types: ['snapshotEnsemble'],
    helps:
      'Where several networks are better than one, for the price of one training run. Each cycle must be long enough to learn something.',
  },
  {
    title: 'Reduced learning rate',
    types: ['reduceLROnPlateau'],
    helps:
      'Where training with a constant rate ends in steps that are too large. As it watches the validation loss, it also slows training down where overfitting begins, which is most of what it does on few noisy rows.',
  },
  {
    title: 'Early stopping',
    types: ['earlyStopping'],
    helps:
      'Wherever validation data can be spared, and training would overfit. With few validation rows the best epoch is found by luck.',
  },
  {
    title: 'TabM',
    types: ['batchEnsemble', 'memberDense'],
    helps:
      "Where an ensemble pays, and its networks should share what they have learnt: 32 of them in one, with few more weights than one. `network: { preset: 'tabm' }` of `fitTable` and of specs is all of it.",
  },
  {
    title: 'Ensemble',
    types: ['ensemble'],
    helps:
      'Nearly always, and more than most methods: what several networks have learnt of noise is different and cancels. Five cost five times the training.',
    figure: { x: 'networks', ...testLoss },
  },
  {
    title: 'Bag of folds',
    types: ['fitTable'],
    options: ['effort', 'members', 'validationSplit'],
    example: `import { fitTable } from 'regulus/tables';

const rows = Array.from({ length: 60 }, (_, i) => ({ size: i, city: i % 2 ? 'Oslo' : 'Rome', price: i > 30 ? 'high' : 'low' }));
const predictor = await fitTable(rows, { target: 'price', members: 3, network: { preset: 'mlp' } });
console.log(predictor.members.map(({ validationRows, temperature }) => [validationRows.length, temperature])); // 20 rows each, one temperature`,
    text: 'Bagging (Breiman 1996) with cross-validated committees (Parmanto, Munro & Doyle 1996): the rows are divided into as many parts as there are networks, five at the most. Each network leaves one part out, keeps its epoch with the best log loss on it, and what all of them predict is averaged. As every row has been left out by one, these predictions together are those of a network that has not seen its rows: one temperature is fitted on them. `fitTable` does so by default.',
    helps:
      'On tables of all sizes, where five trainings can be paid. It has what an ensemble and early stopping have, and needs no validation data: every row trains.',
    figure: { x: 'networks', ...testLoss },
  },
  {
    title: 'MC dropout',
    types: ['mcDropout'],
    helps:
      'Where it matters how sure a prediction is: the spread of the draws is large where the networks that dropout makes disagree. The grey line is the usual prediction of the same network. On few noisy rows the mean of the draws is a little better, on many clean ones worse.',
    figure: { x: 'draws', ...testLoss },
  },
  {
    title: 'Temperature scaling',
    types: ['temperatureScaling'],
    helps:
      'Wherever probabilities are used as such and some validation data are there: overfitted networks are too sure. Accuracy stays what it is.',
    figure: { x: 'temperature', ...testLoss },
  },
  {
    title: 'Conformal prediction',
    types: ['conformalSets', 'conformalIntervals'],
    helps:
      'Where a promise has to be kept: sets and intervals hold the truth as often as they say, on the average over draws of the validation rows (here 90), whatever the network is worth. It changes no probability, so the table shows no difference. The grey line is without it: the most probable classes until their probabilities are the promised share. A network that is too sure makes such sets too small.',
    figure: { x: 'promised share', y: 'share of test rows whose set has their class', greatest: 1.25 },
  },
];
