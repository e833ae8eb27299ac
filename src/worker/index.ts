// The public names of `regulus/worker`: models that train in a Web Worker.
export { earlyStopping } from '../train/index.ts';
export {
  sequential,
  type WorkerCallback,
  type WorkerFitOptions,
  type WorkerSequential,
  type WorkerSequentialOptions,
  type WorkerTrainContext,
} from './sequential.ts';
