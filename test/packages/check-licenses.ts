/** `npm run check:licenses`: the licences of all packages that are installed, by what the packages say; no network. */
import { lockedPackages, withoutAllowedLicense } from './licenses.ts';

const packages = lockedPackages();
const contained = packages.filter(({ isTool }) => !isTool);
console.log(`Used by Threelo itself:`);
for (const { name, version, license } of contained) console.log(`  ${name} ${version}: ${license}`);
const counts = new Map<string, number>();
for (const { license } of packages) counts.set(license, (counts.get(license) ?? 0) + 1);
console.log(`Tools: ${packages.length - contained.length} packages. All licences:`);
for (const [license, count] of [...counts].sort(([, a], [, b]) => b - a))
  console.log(`  ${license}: ${count}`);
const refused = withoutAllowedLicense(packages);
for (const { name, version, license } of refused)
  console.error(
    `${name} ${version}: ${license} is not allowed. Which are: test/packages/licenses.ts`,
  );
process.exitCode = refused.length === 0 ? 0 : 1;
