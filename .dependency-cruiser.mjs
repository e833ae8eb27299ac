// The imports that src/ may have. test/architecture.test.ts checks them, and so does `npx depcruise src`.

/** What each module may import, beside itself and through the other's index. */
export const importsOfModules = {
  errors: [],
  hash: [],
  protobuf: [],
  random: ['errors'],
  statistics: ['errors', 'random'],
  backend: ['errors', 'random'],
  data: ['errors', 'random'],
  datasets: ['errors', 'data'],
  preprocessing: ['errors', 'random', 'statistics', 'data'],
  nn: ['errors', 'random', 'backend'],
  optim: ['errors', 'random', 'backend'],
  metrics: ['errors', 'random', 'statistics', 'backend', 'data', 'nn'],
  train: ['errors', 'random', 'backend', 'data', 'nn', 'optim', 'metrics'],
  uncertainty: ['errors', 'random', 'data', 'train'],
  tables: [
    ...['errors', 'random', 'backend', 'data', 'datasets', 'preprocessing'],
    ...['nn', 'optim', 'metrics', 'train', 'uncertainty'],
  ],
  catalog: ['errors', 'nn', 'optim', 'metrics', 'train'],
  model: [
    ...['errors', 'hash', 'protobuf', 'backend', 'data', 'preprocessing'],
    ...['nn', 'train', 'tables', 'catalog'],
  ],
  worker: ['errors', 'backend', 'data', 'metrics', 'train', 'catalog'],
  experiment: [
    ...['errors', 'hash', 'random', 'backend', 'data', 'datasets', 'preprocessing', 'statistics'],
    ...['nn', 'optim', 'metrics', 'train', 'tables', 'catalog', 'model'],
  ],
  runner: ['errors', 'backend', 'metrics', 'train', 'tables', 'catalog', 'experiment'],
  cluster: ['errors', 'train', 'experiment', 'runner'],
  report: ['errors', 'statistics', 'experiment'],
  tracking: ['errors', 'protobuf', 'experiment'],
  cli: ['errors', 'datasets', 'model', 'tables', 'experiment', 'runner', 'cluster', 'report', 'tracking'],
};

/** What needs Node. */
const nodeOnly = '^src/(runner|cluster|cli)/|^src/report/png[.]ts$';

const rule = (name, comment, from, to) => ({ name, comment, severity: 'error', from, to });

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    ...Object.entries(importsOfModules).map(([module, others]) => {
      const allowed = `^src/(${[module, ...others].join('|')})/`;
      const comment = `${module} may import ${others.join(', ') || 'no other module'}`;
      return rule(`imports-of-${module}`, comment, { path: `^src/${module}/` }, { path: '^src/', pathNot: allowed });
    }),
    rule(
      'index-only',
      'a module is entered through its index.ts or its node.ts; kinds.ts and public.ts have the names that the package exports as they are; report/words.ts, report/png.ts, experiment/presets.ts and run-trial.ts spare the command line and worker threads the charts and the schemas',
      { path: '^src/([^/]+)' },
      {
        path: '^src/[^/]+/',
        pathNot:
          '^src/$1/|^src/[^/]+/(index|node|kinds|public)[.]ts$|^src/(report/words|report/png|experiment/presets|experiment/run-trial)[.]ts$',
      },
    ),
    rule('no-cycles', 'not even of types', {}, { circular: true }),
    rule('node-only', 'only some files may need Node', { pathNot: nodeOnly }, { dependencyTypes: ['core'] }),
    // The build bundles packages, so they are development dependencies; optional ones are peers, too.
    rule('dependencies-only', 'of package.json', {}, { dependencyTypesNot: ['local', 'core', 'npm-dev', 'npm-peer'] }),
  ],
  options: {
    doNotFollow: { path: '^node_modules/' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default'] },
  },
};
