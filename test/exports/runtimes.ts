// The programs that run exported models. Their types are not known where they are not installed.
import type { Matrix, Table } from '../../src/data/index.ts';

// biome-ignore lint/suspicious/noExplicitAny: see above.
const load = (name: string): Promise<any> => import(/* @vite-ignore */ name);

/** What a program gives for the rows of a matrix: values by the name of the output. */
export type Outputs = Record<string, ArrayLike<number | bigint | string>>;

/** onnxruntime's `node` is native code, its `web` WebAssembly. */
export type Runtime = 'node' | 'web';

type Feed = [
  type: 'float32' | 'float64' | 'string',
  values: Float32Array | Float64Array | string[],
  shape: readonly number[],
];

async function run(runtime: Runtime, bytes: Uint8Array, feeds: Readonly<Record<string, Feed>>): Promise<Outputs> {
  const ort = await load(runtime === 'node' ? 'onnxruntime-node' : 'onnxruntime-web/wasm');
  if (runtime === 'web') ort.env.wasm.numThreads = 1;
  const session = await ort.InferenceSession.create(bytes, { logSeverityLevel: 3 });
  const tensors = Object.entries(feeds).map(([name, feed]) => [name, new ort.Tensor(...feed)]);
  const results = await session.run(Object.fromEntries(tensors));
  // Copies, because releasing the session frees what the tensors of onnxruntime-node look into.
  const outputs = Object.entries(results).map(([name, tensor]) => [name, (tensor as { data: number[] }).data.slice()]);
  await session.release();
  return Object.fromEntries(outputs);
}

export const runOnnx = (runtime: Runtime, bytes: Uint8Array, { data, shape }: Matrix) =>
  run(runtime, bytes, { features: ['float32', Float32Array.from(data), shape] });

/** The outputs of a predictor for the rows of a table, a tensor for each column, as the documentation says. */
export function runOnnxOnTable(
  runtime: Runtime,
  bytes: Uint8Array,
  { columns, shape: [rows] }: Table,
): Promise<Outputs> {
  const feeds = columns.map(({ name, values }): [string, Feed] => {
    const shape = [rows, 1];
    if (values instanceof Float64Array) return [name, ['float64', values, shape]];
    return [name, ['string', values.map((value) => value ?? ''), shape]];
  });
  return run(runtime, bytes, Object.fromEntries(feeds));
}

const tensorflow = async () => {
  const core = await load('@tensorflow/tfjs-core');
  await load('@tensorflow/tfjs-backend-cpu');
  const layers = await load('@tensorflow/tfjs-layers');
  await core.setBackend('cpu');
  return { core, layers };
};

/** The outputs of exported files in TensorFlow.js. */
export async function runTensorflow(
  files: { 'model.json': string; 'weights.bin': Uint8Array },
  { data, shape }: Matrix,
) {
  const { core, layers } = await tensorflow();
  const { modelTopology, weightsManifest, ...others } = JSON.parse(files['model.json']);
  const artifacts = {
    ...others,
    modelTopology,
    weightSpecs: weightsManifest[0].weights,
    weightData: files['weights.bin'].slice().buffer,
  };
  const model = await layers.loadLayersModel(core.io.fromMemory(artifacts));
  return model.predict(core.tensor2d(Float32Array.from(data), shape)).dataSync() as Float32Array;
}

/** A model that TensorFlow.js makes, as it saves it, and what it predicts. */
export async function makeTensorflow(
  // biome-ignore lint/suspicious/noExplicitAny: see above.
  listLayers: (layers: any) => unknown[],
  { data, shape }: Matrix,
): Promise<{ files: Record<string, unknown>; outputs: Float32Array }> {
  const { core, layers } = await tensorflow();
  const model = layers.sequential({ layers: listLayers(layers.layers) });
  model.setWeights(
    // biome-ignore lint/suspicious/noExplicitAny: see above.
    model.getWeights().map((weights: any, i: number) => core.randomUniform(weights.shape, 0.2, 1.5, 'float32', i + 1)),
  );
  const files: Record<string, unknown> = {};
  // biome-ignore lint/suspicious/noExplicitAny: see above.
  const save = async ({ weightSpecs, weightData, ...json }: any) => {
    files['model.json'] = JSON.stringify({
      ...json,
      weightsManifest: [{ paths: ['weights.bin'], weights: weightSpecs }],
    });
    files['weights.bin'] = weightData;
    return { modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: 'JSON' } };
  };
  await model.save(core.io.withSaveHandler(save));
  return { files, outputs: model.predict(core.tensor2d(Float32Array.from(data), shape)).dataSync() };
}
