// The ABI of the compute core: the export list and nothing else.
// Matrices are row-major float32 at byte addresses; outputs come first.
export { matmul, matmulNT, matmulTN } from './gemm/gemm';
export { adam } from './kernels/adam';
export { addBias, biasGradient } from './kernels/bias';
export { dropout, scale } from './kernels/dropout';
export { penalty } from './kernels/penalty';
export { softThreshold, softThresholdAdam } from './kernels/proximal';
export { relu, reluBackward } from './kernels/relu';
export { momentum, nesterov, sgd } from './kernels/sgd';
export { argmax, countCorrect, softmax, softmaxCrossEntropy } from './kernels/softmax-cross-entropy';
export { allocate, release } from './memory';
