// `node test/model/predict-rows.mjs MODEL ROWS`: predicts rows with a model file, in a process of its own, with the built package.
import { readFileSync } from 'node:fs';
import { loadModel } from 'regulus/model';

const [model, rows] = process.argv.slice(2);
const predictor = loadModel(readFileSync(model));
const table = JSON.parse(readFileSync(rows, 'utf8'));
const probabilities = predictor.classNames && predictor.predictProbabilities(table);
console.log(JSON.stringify({ predictions: predictor.predict(table), probabilities }));
