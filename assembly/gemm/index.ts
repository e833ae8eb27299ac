// What is compiled again with fused multiply-add, to work on the memory of the core.
export { useWorkspace } from './blocking';
export { dense, denseColumns, denseGradients, gemm, gradientColumns, matmul, matmulNT, matmulTN } from './gemm';
