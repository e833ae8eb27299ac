// `npm run sbom`: a software bill of materials in SPDX, of this package and of the packages that the build puts into it. By
// `npm sbom`, which knows all that is installed for development; what is not shipped is left out.
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';

const notices = readFileSync('dist/THIRD-PARTY-NOTICES.md', 'utf8');
const shipped = new Set(
  [...notices.matchAll(/^## (.+)$/gm)].flatMap(([, names]) =>
    names.split(', ').map((entry) => entry.replace(/ \(.*\)$/, '').replace(' ', '@')),
  ),
);
const sbom = JSON.parse(
  execFileSync('npm', ['sbom', '--sbom-format=spdx', '--sbom-type=library'], { encoding: 'utf8', maxBuffer: 2 ** 26 }),
);
const { name, version } = JSON.parse(readFileSync('package.json', 'utf8'));
const isShipped = (entry) => shipped.has(`${entry.name}@${entry.versionInfo}`);
const root = sbom.packages.find((entry) => entry.name === name && entry.versionInfo === version);
const packages = [root, ...sbom.packages.filter(isShipped)];
const missing = [...shipped].filter((id) => !packages.some((entry) => `${entry.name}@${entry.versionInfo}` === id));
if (missing.length > 0) throw new Error(`npm sbom does not know ${missing.join(', ')}.`);
const contains = packages.slice(1).map(({ SPDXID }) => ({
  spdxElementId: root.SPDXID,
  relatedSpdxElement: SPDXID,
  relationshipType: 'CONTAINS',
}));
const described = sbom.relationships.filter(({ relationshipType }) => relationshipType === 'DESCRIBES');
writeFileSync(
  'build/sbom.spdx.json',
  `${JSON.stringify({ ...sbom, packages, relationships: [...described, ...contains] }, null, 2)}\n`,
);
console.log(`build/sbom.spdx.json: ${packages.length - 1} packages in ${name} ${version}`);
