// Writes down what pages are made of, as CycloneDX, into what the site packs: the same lock file gives the same bytes.
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';

const FOLDER = 'target/classes/META-INF/sbom';

const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
const told = execFileSync(npm, ['sbom', '--sbom-format', 'cyclonedx', '--omit', 'dev', '--package-lock-only'], {
  encoding: 'utf8',
  maxBuffer: 16 << 20,
});
const bom = JSON.parse(told);
// Of the moment.
delete bom.serialNumber;
delete bom.metadata.timestamp;
mkdirSync(FOLDER, { recursive: true });
writeFileSync(`${FOLDER}/pages.cdx.json`, `${JSON.stringify(bom, null, 2)}\n`);
