// Every kind of the package: the core's catalog, the metrics of `regulus/metrics` and the layers of `regulus/tables`.
import { catalog as core, wholeCatalog } from '../src/catalog/index.ts';

export const catalog = wholeCatalog(core);
