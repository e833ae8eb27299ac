// Trained models as files: saved and loaded, and exported to ONNX, TensorFlow.js and plain JavaScript.
export { type AnySequential, Ensemble, ensemble } from './ensemble.ts';
export { type AnyModel, type ModelInfo, modelInfo } from './info.ts';
export { type LoadOptions, loadModel, loadOptimizerState, type SaveOptions, saveModel } from './save.ts';
