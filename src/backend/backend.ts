// The operations that training needs, whatever computes them.

/** A typed array owned by a backend. */
export interface Tensor<T extends Float32Array | Int32Array = Float32Array> {
  readonly length: number;
  /** A view of the elements. Take it anew each time: growing WebAssembly memory detaches older views. */
  readonly data: T;
}

/** What an engine runs on. */
export interface EngineInfo {
  /** `'wasm'`: the AssemblyScript core; `'js'`: plain JavaScript. */
  readonly backend: 'wasm' | 'js';
  /** `'reproducible'`: the same bits on every machine; `'fast'`: may use fused multiply-add. */
  readonly numerics: 'reproducible' | 'fast';
  /** The instruction set in use. */
  readonly simd: 'none' | 'simd128' | 'relaxed';
  /** The version of Regulus. */
  readonly version: string;
}

/**
 * The operations. Outputs come first, matrices are row-major, shapes are given beside the arrays and are not checked
 * here: whoever calls has checked them. Only where a comment says so may an output be one of the inputs.
 */
export interface Backend {
  readonly info: EngineInfo;

  /** A new array of `length` zeros. Throws `EnvironmentError` when memory is exhausted. */
  float32(length: number): Tensor;
  int32(length: number): Tensor<Int32Array>;
  /** Gives an array back; it must not be used again. */
  free(tensor: Tensor | Tensor<Int32Array>): void;

  /** c (m, n) = a (m, k) · b (k, n) */
  matmul(c: Tensor, a: Tensor, b: Tensor, m: number, k: number, n: number): void;
  /** c (m, n) = aᵀ · b, with a stored (k, m) and b (k, n) */
  matmulTN(c: Tensor, a: Tensor, b: Tensor, m: number, k: number, n: number): void;
  /** c (m, n) = a · bᵀ, with a (m, k) and b stored (n, k) */
  matmulNT(c: Tensor, a: Tensor, b: Tensor, m: number, k: number, n: number): void;

  /** y (rows, columns) += bias (columns) in every row */
  addBias(y: Tensor, bias: Tensor, rows: number, columns: number): void;
  /** db (columns) = Σ over rows of dy (rows, columns) */
  biasGradient(db: Tensor, dy: Tensor, rows: number, columns: number): void;

  /** y (n) = max(x, 0); NaN stays NaN; y may be x */
  relu(y: Tensor, x: Tensor, n: number): void;
  /** dx (n) = dy where y > 0, else 0; dx may be dy */
  reluBackward(dx: Tensor, dy: Tensor, y: Tensor, n: number): void;

  /**
   * y (n) = x / (1 − rate) where unit i is kept, else 0. Whether it is kept depends on (key0, key1, i) alone, and the
   * mask is the same in every backend. The backward pass is the same call on the gradient. y may be x.
   */
  dropout(y: Tensor, x: Tensor, n: number, rate: number, key0: number, key1: number): void;

  /** y (n) = factor · x; y may be x */
  scale(y: Tensor, x: Tensor, n: number, factor: number): void;

  /** p (rows, columns) = softmax of each row; p may be `logits` */
  softmax(p: Tensor, logits: Tensor, rows: number, columns: number): void;
  /**
   * Returns Σ over rows of −log softmax(logits)[label] in float64;
   * dLogits (rows, columns) = (softmax − one-hot) / rows, the gradient of the mean. dLogits may be `logits`.
   */
  softmaxCrossEntropy(
    dLogits: Tensor,
    logits: Tensor,
    labels: Tensor<Int32Array>,
    rows: number,
    columns: number,
  ): number;
  /** indices (rows) = the first column with the greatest value */
  argmax(indices: Tensor<Int32Array>, x: Tensor, rows: number, columns: number): void;
  /** The number of rows whose greatest value is at their label */
  countCorrect(x: Tensor, labels: Tensor<Int32Array>, rows: number, columns: number): number;

  /** l1·Σ|w| + l2·Σw² over n weights, both sums in float64 */
  penalty(w: Tensor, n: number, l1: number, l2: number): number;

  /** With g' = g + l1·sign(w) + 2·l2·w: w (n) −= rate · g' */
  sgd(w: Tensor, g: Tensor, n: number, rate: number, l1: number, l2: number): void;
  /** v (n) = mu · v + g'; w −= rate · v */
  momentum(w: Tensor, g: Tensor, v: Tensor, n: number, rate: number, mu: number, l1: number, l2: number): void;
  /** v (n) = mu · v + g'; w −= rate · (g' + mu · v) */
  nesterov(w: Tensor, g: Tensor, v: Tensor, n: number, rate: number, mu: number, l1: number, l2: number): void;
  /**
   * m (n) += decay1 · (g' − m); v (n) += decay2 · (g'² − v); w −= stepSize · m / (√v · rescale + epsilon) + decay · w,
   * where decay1 and decay2 are 1 − β, and the bias corrections are in stepSize and rescale.
   */
  adam(
    w: Tensor,
    g: Tensor,
    m: Tensor,
    v: Tensor,
    n: number,
    stepSize: number,
    decay1: number,
    decay2: number,
    rescale: number,
    epsilon: number,
    decay: number,
    l1: number,
    l2: number,
  ): void;

  /** w (n) = sign(w) · max(|w| − threshold, 0): the proximal step of L1, exactly 0 within the threshold. */
  softThreshold(w: Tensor, n: number, threshold: number): void;
  /** The same with threshold / (√v · rescale + epsilon) for each weight, v (n) */
  softThresholdAdam(w: Tensor, v: Tensor, n: number, threshold: number, rescale: number, epsilon: number): void;
}
