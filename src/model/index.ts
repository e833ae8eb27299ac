// Trained models as files: saved and loaded, and exported to ONNX, TensorFlow.js and plain JavaScript.
export { type AnySequential, type Ensemble, type EnsembleOptions, ensemble } from '../train/index.ts';
export { exportCode } from './code.ts';
export { type AnyModel, type AnyNetwork, type AnyPredictor, type ModelInfo, modelInfo } from './info.ts';
export { exportOnnx } from './onnx.ts';
export { type LoadOptions, loadModel, loadOptimizerState, type SaveOptions, saveModel } from './save.ts';
export { exportTensorflow, type ImportOptions, importTensorflow, type TensorflowFiles } from './tensorflow.ts';
