// Every kind of the package: the core's catalog and the metrics of `regulus/metrics`.
import { catalog as core } from '../src/catalog/index.ts';
import { extendCatalog } from '../src/errors/index.ts';
import { metrics } from '../src/metrics/index.ts';

export const catalog = extendCatalog(core, Object.values(metrics));
