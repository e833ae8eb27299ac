// The ABI of the compute core: the export list and nothing else.
// Matrices are row-major float32 at byte addresses; outputs come first.
export { useWorkspace } from './gemm/blocking';
export { dense, denseColumns, denseGradients, gemm, gradientColumns, matmul, matmulNT, matmulTN } from './gemm/gemm';
export {
  elu,
  eluBackward,
  gelu,
  geluBackward,
  leakyRelu,
  leakyReluBackward,
  mish,
  mishBackward,
  sigmoidBackward,
  silu,
  siluBackward,
  softplus,
  softplusBackward,
} from './kernels/activations';
export { adagrad } from './kernels/adagrad';
export { adam } from './kernels/adam';
export { addScaled, clip, moveTowards, scale } from './kernels/arithmetic';
export { biasGradient } from './kernels/bias';
export { alphaDropout, dropout } from './kernels/dropout';
export { exponential } from './kernels/exp';
export { flush } from './kernels/flush';
export { gather } from './kernels/gather';
export { columnProducts, layerNormalize, layerNormalizeBackward } from './kernels/layer-normalization';
export { lion } from './kernels/lion';
export { nadam } from './kernels/nadam';
export { columnMoments, normalize, normalizeBackward } from './kernels/normalization';
export { noise } from './kernels/noise';
export { addPenaltyGradient, penalty } from './kernels/penalty';
export { periodicEmbedding, periodicEmbeddingBackward } from './kernels/periodic-embedding';
export { softThreshold, softThresholdAdam } from './kernels/proximal';
export { absoluteError, gaussianNll, huber, pinball, poisson } from './kernels/regression-losses';
export { relu, reluBackward } from './kernels/relu';
export { rmsprop } from './kernels/rmsprop';
export { momentum, nesterov, sgd } from './kernels/sgd';
export { sigmoid, sigmoidCrossEntropy } from './kernels/sigmoid-cross-entropy';
export { argmax, countCorrect, softmax, softmaxCrossEntropy } from './kernels/softmax-cross-entropy';
export { squaredError } from './kernels/squared-error';
export { tanh, tanhBackward } from './kernels/tanh';
export { allocate, allocateWorkspace, release } from './memory';
export { permutation } from './random/permutation';
