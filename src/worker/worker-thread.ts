// The file that the worker runs; importing it makes a worker of your own one for `regulus/worker`.
import { type Port, serve } from './serve.ts';

serve(globalThis as unknown as Port);
