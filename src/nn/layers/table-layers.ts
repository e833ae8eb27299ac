// The layers that networks for tables are made of: the package exports them as a part of `regulus/tables`.
import { batchEnsemble } from './batch-ensemble.ts';
import { featureScale } from './feature-scale.ts';
import { memberDense } from './member-dense.ts';
import { periodicEmbedding } from './periodic-embedding.ts';

export { batchEnsemble, featureScale, memberDense, periodicEmbedding };

/**
 * These layers, which `extendCatalog(catalog, tableLayers)` adds to the catalog of `regulus`. Specs, files and workers know them.
 *
 * @example
 * ```js
 * import { catalog, extendCatalog, layerFromJson } from 'regulus';
 * import { tableLayers } from 'regulus/tables';
 *
 * console.log(layerFromJson({ type: 'featureScale' }, extendCatalog(catalog, tableLayers)));
 * ```
 */
export const tableLayers = [featureScale, periodicEmbedding, batchEnsemble, memberDense] as const;
