// Options of generators, as specs give them: among the numbers are sizes that no memory can hold.
import { loadDataset } from '../../../src/experiment/index.ts';
import { decode, type Format } from '../format.ts';
import { mutatedJsonText } from '../mutate.ts';

const samples = [
  {
    generator: 'makeMoons',
    parameters: { nSamples: 20, noise: 0.1, randomState: 1 },
    noiseFeatures: 2,
    noiseRandomState: 1,
  },
  { generator: 'makeCircles', parameters: { nSamples: [5, 6], factor: 0.5, shuffle: false } },
  {
    generator: 'makeBlobs',
    parameters: { nSamples: 12, nFeatures: 3, centers: 4, clusterStd: [1, 2, 1, 2], centerBox: [-1, 1] },
  },
  {
    generator: 'makeBlobs',
    parameters: {
      nSamples: [3, 4],
      centers: [
        [0, 1],
        [2, 3],
      ],
    },
  },
  {
    generator: 'makeClassification',
    parameters: {
      nSamples: 20,
      nFeatures: 9,
      nInformative: 4,
      nRedundant: 1,
      nRepeated: 1,
      nClasses: 3,
      nClustersPerClass: 2,
      weights: [0.2, 0.5],
      flipY: 0.1,
      shift: null,
      scale: [1, 2, 3, 4, 5, 6, 7, 8, 9],
      hypercube: false,
    },
  },
];

export const generators: Format = {
  name: 'generators',
  limit: 5000,
  inputs: mutatedJsonText(samples),
  read(input) {
    let spec: { generator?: unknown };
    try {
      spec = JSON.parse(decode(input));
    } catch {
      return;
    }
    if (samples.some(({ generator }) => generator === spec?.generator)) loadDataset(spec as never);
  },
};
