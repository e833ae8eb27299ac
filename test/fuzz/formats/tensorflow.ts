// Models of TensorFlow.js that somebody else has made: changed descriptions beside arrays of the right size.
import { exportTensorflow, importTensorflow } from '../../../src/model/index.ts';
import { batchNormalization, dense, dropout, relu } from '../../../src/nn/index.ts';
import { sequential } from '../../../src/train/index.ts';
import { decode, type Format } from '../format.ts';
import { mutatedJsonText } from '../mutate.ts';

using model = sequential({ inputSize: 4, layers: [dense(3), batchNormalization(), relu(), dropout(0.2), dense(2)] });
const files = exportTensorflow(model);

export const tensorflow: Format = {
  name: 'tensorflow',
  inputs: mutatedJsonText([JSON.parse(files['model.json'] as string)]),
  read(input) {
    using _ = importTensorflow({ ...files, 'model.json': decode(input) });
  },
};
