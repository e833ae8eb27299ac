// The packages that the build puts into `dist` are named with their licences in THIRD-PARTY-NOTICES.md.
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const script = '../scripts/packages.mjs';
const { packagesOf, thirdPartyNotices } = await import(script);

function fakePackage(manifest: object, licence?: string): string {
  const folder = join(mkdtempSync(join(tmpdir(), 'regulus-notices-')), 'node_modules', 'fake');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'fake', version: '1.0.0', ...manifest }));
  if (licence !== undefined) writeFileSync(join(folder, 'LICENCE.txt'), licence);
  return folder;
}

test('packages are found among the inputs of a bundle, each once', () => {
  const inputs = {
    'src/a.ts': {},
    'node_modules/@a/b/c.js': {},
    'node_modules/d/e.js': {},
    'node_modules/d/f.js': {},
    'node_modules/d/node_modules/g/h.js': {},
  };
  expect(packagesOf(inputs)).toEqual(['node_modules/@a/b', 'node_modules/d', 'node_modules/d/node_modules/g']);
});

test('each package stands there with the text of its licence', () => {
  const notices: string = thirdPartyNotices(['node_modules/vega', 'node_modules/zod', 'node_modules/d3-array']);
  for (const name of ['vega', 'zod', 'd3-array']) {
    const { version, license } = JSON.parse(readFileSync(`node_modules/${name}/package.json`, 'utf8'));
    expect(notices).toContain(`${name} ${version} (${license})`);
    const [first] = readFileSync(`node_modules/${name}/LICENSE`, 'utf8').trim().split('\n').slice(-1);
    expect(notices).toContain(first);
  }
});

test('equal licences are printed once', () => {
  const [a, b] = [
    fakePackage({ license: 'MIT' }, 'the same'),
    fakePackage({ license: 'MIT', name: 'other' }, 'the same'),
  ];
  const notices: string = thirdPartyNotices([a, b]);
  expect(notices.match(/the same/g)).toHaveLength(1);
  expect(notices).toMatch(/## (fake 1.0.0 \(MIT\), other|other 1.0.0 \(MIT\), fake)/);
});

test('a licence that nobody has looked at, or that is not there, stops the build', () => {
  expect(() => thirdPartyNotices([fakePackage({ license: 'GPL-3.0' }, 'text')])).toThrow(
    /fake has the licence GPL-3.0/,
  );
  expect(() => thirdPartyNotices([fakePackage({ license: 'MIT' })])).toThrow(/neither the text/);
  expect(thirdPartyNotices([fakePackage({ license: 'MIT', author: 'Ada' })])).toContain('MIT, by Ada');
});
