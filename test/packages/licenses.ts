import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');

/** What `package.json` of an installed package says of it. */
interface Published {
  readonly name: string;
  readonly version: string;
  readonly license?: string | { readonly type?: string };
  readonly repository?: string | { readonly url?: string };
}

/** A package with its licence. */
export interface Licensed {
  readonly name: string;
  readonly version: string;
  /** An SPDX expression, or what the package has in its place. */
  readonly license: string;
}

interface LockedPackage {
  readonly version: string;
  readonly license?: string;
  readonly dev?: boolean;
  readonly optional?: boolean;
  readonly devOptional?: boolean;
}

/** Licences of code that is in the packages. They ask for what `licenses.txt` has: their notice and, MPL-2.0, where the source is. */
const allowedInPackages = ['MIT', 'ISC', 'BSD-2-Clause', 'BSD-3-Clause', 'Apache-2.0', 'MPL-2.0'];
/** Licences of tools, which are not published with Threelo. */
const allowedInTools = [
  ...allowedInPackages,
  '0BSD',
  'BlueOak-1.0.0',
  'CC0-1.0',
  'CC-BY-4.0',
  'Python-2.0',
  'Zlib',
];
/** Packages whose licence has no SPDX name, in the version that was looked at: winreg names BSD without a number of clauses. */
const readByHand: Readonly<Record<string, string>> = { 'winreg@0.0.12': 'BSD-2-Clause' };

function publishedIn(folder: string): Published | undefined {
  const file = join(root, folder, 'package.json');
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Published) : undefined;
}

function licenseOf({ license }: Published): string | undefined {
  return typeof license === 'string' ? license : license?.type;
}

/** Whether one of the alternatives of an SPDX expression has only licences that are allowed. None has, with parentheses but around the whole. */
export function isAllowed(expression: string, allowed: readonly string[]): boolean {
  return expression
    .replace(/^\(([^()]*)\)$/u, '$1')
    .split(' OR ')
    .some((alternative) => alternative.split(' AND ').every((name) => allowed.includes(name)));
}

/** Every package of the lockfile, by what is installed; by the lockfile where it is for another platform. */
export function lockedPackages(): (Licensed & { readonly isTool: boolean })[] {
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, LockedPackage>;
  };
  return Object.entries(packages)
    .filter(([folder]) => folder !== '')
    .map(([folder, { version, license, dev, optional, devOptional }]) => {
      const installed = publishedIn(folder);
      return {
        name: folder.slice(folder.lastIndexOf('node_modules/') + 'node_modules/'.length),
        version,
        license: (installed && licenseOf(installed)) ?? license ?? 'none',
        isTool: Boolean(dev ?? optional ?? devOptional),
      };
    });
}

/** Those whose licence is not allowed where they are used. */
export function withoutAllowedLicense(packages = lockedPackages()): Licensed[] {
  return packages.filter(
    ({ name, version, license, isTool }) =>
      !isAllowed(
        readByHand[`${name}@${version}`] ?? license,
        isTool ? allowedInTools : allowedInPackages,
      ),
  );
}

/** The package that a module of a bundle is from; undefined for our own. */
export function packageOfModule(id: string): string | undefined {
  // Helpers that the bundlers add.
  const helper = /^\0(vite|rolldown)\//u.exec(id)?.[1];
  if (helper !== undefined) return helper;
  const [, path] = /.*\/node_modules\/(.*)/u.exec(id.replaceAll('\\', '/')) ?? [];
  return path
    ?.split('/')
    .slice(0, path.startsWith('@') ? 2 : 1)
    .join('/');
}

function licenseText(folder: string, name: string): string {
  const file = readdirSync(join(root, folder)).find((entry) =>
    /^licen[cs]e(?:\.\w+)?$/iu.test(entry),
  );
  if (file === undefined)
    throw new Error(`${name} is in the packages, but its licence is not in ${folder}.`);
  const text = readFileSync(join(root, folder, file), 'utf8').replaceAll('\r\n', '\n');
  // Vite's own licence is followed by those of what its npm package contains.
  return (text.split('\n# Licenses of bundled dependencies')[0] ?? text).trim();
}

function sourceOf({ name, repository }: Published): string {
  const url = typeof repository === 'string' ? repository : repository?.url;
  if (url === undefined) throw new Error(`${name} does not say where its source is.`);
  const address = url.replace(/^git\+/u, '').replace(/\.git$/u, '');
  return address.includes('://') ? address : `https://github.com/${address}`;
}

const separator = `\n\n${'-'.repeat(72)}\n\n`;

/**
 * The text of `licenses.txt`: our licence, then each package that is contained, where its source is, and its licence. Throws when that
 * is not allowed in the packages: `package.json` may have the package as a tool.
 */
export function licensesText(names: Iterable<string>): string {
  const parts = [...new Set(names)].sort().map((name) => {
    const folder = `node_modules/${name}`;
    const published = publishedIn(folder);
    if (published === undefined) throw new Error(`${name} is not installed: npm ci`);
    const license = licenseOf(published) ?? 'no SPDX name';
    if (!isAllowed(license, allowedInPackages))
      throw new Error(`${name} is in the packages, where its licence is not allowed: ${license}.`);
    const title = `${name} ${published.version} (${license})`;
    return [title, sourceOf(published), '', licenseText(folder, name)].join('\n');
  });
  const own = `Threelo (MIT)\n\n${readFileSync(join(root, 'LICENSE'), 'utf8').trim()}`;
  const intro = 'Threelo contains code of the packages that are listed after its own licence.';
  return `${[intro, own, ...parts].join(separator)}\n`;
}

/** The packages that a `licenses.txt` lists: those whose modules are in a build, each as `name@version`. */
export function containedPackages(licenses: string): string[] {
  const [, , ...parts] = licenses.split(separator);
  return parts.map((part) => part.split(' ', 2).join('@'));
}
