// Rows for TypeScript: a strict program over all entries, one of whose lines must be an error.
import { run, versionOf } from './project.mjs';

const types = `
import { createEngine, type Dataset, dense, makeMoons, relu, sequential, type Sequential } from 'regulus';
import { loadWine, parseCsv } from 'regulus/datasets';
import { defineExperiment, runExperiment } from 'regulus/experiment';
import { f1Score, rocCurve } from 'regulus/metrics';
import { exportOnnx, loadModel, saveModel } from 'regulus/model';
import { type Figure, renderPng, renderSvg } from 'regulus/report';
import { loadCore } from 'regulus/slim';
import { historyCsv } from 'regulus/tracking';
import { sequential as inWorker } from 'regulus/worker';

const data: Dataset = makeMoons({ nSamples: 100, randomState: 1 });
const model: Sequential = sequential({ inputSize: 2, layers: [dense(4), relu(), dense(2)] });
const { trainLoss } = await model.fit(data, { epochs: 1 });
export const loss: number | undefined = trainLoss[0];
// @ts-expect-error: a misspelt option is an error
model.fit(data, { epoch: 1 });
export const used = [createEngine().info, loadWine(), parseCsv, defineExperiment, runExperiment, renderPng, renderSvg, loadCore, historyCsv, inWorker];
export const perClass: number[] = f1Score(['a', 'b'], ['a', 'a'], { average: null });
export const overall: number = f1Score(Int32Array.of(0, 1), [0, 1]) + rocCurve([0, 1], [0.2, 0.3]).fpr[0];
export const files: Uint8Array[] = [saveModel(model), exportOnnx(loadModel(saveModel(model)))];
export const draw = (figure: Figure): Promise<string> => renderSvg(figure);
`;

export const typescript = (moduleResolution, module, version, lib, withNodeTypes) => ({
  tool: `TypeScript, ${moduleResolution}${withNodeTypes ? ', with @types/node' : ''}${lib.includes('DOM') ? '' : ', no DOM'}`,
  kind: 'types',
  run: ({ project }) => {
    const options = {
      module,
      moduleResolution,
      lib,
      target: 'ES2022',
      strict: true,
      skipLibCheck: false,
      exactOptionalPropertyTypes: true,
      types: withNodeTypes ? ['node'] : [],
      noEmit: true,
    };
    const folder = project(`typescript-${moduleResolution}-${version}-${lib.length}`, {
      packages: [`typescript@${version}`, ...(withNodeTypes ? ['@types/node@20'] : [])],
      files: { 'main.ts': types, 'tsconfig.json': JSON.stringify({ compilerOptions: options, files: ['main.ts'] }) },
    });
    run(folder, 'npx', 'tsc', '-p', '.');
    return { version: versionOf(folder, 'typescript'), outcome: 'no errors' };
  },
});
