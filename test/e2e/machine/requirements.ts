import { execFileSync, spawnSync } from 'node:child_process';
import { pathToFileURL } from 'node:url';
import { findChromium, findFirefox, findOnPath } from './find-binary.ts';

interface Requirement {
  readonly what: string;
  readonly debianPackage: string;
  readonly find: () => string | undefined;
  /** Lowest version that will do; undefined when any will. */
  readonly minimumVersion?: number;
  /** The tests pass without it: it is installed where that is allowed, and nothing fails where it is not. */
  readonly isOptional?: boolean;
}

/** A font with the characters of a language, as fontconfig reports it; without fontconfig none is looked for. */
function fontRequirement(what: string, language: string, debianPackage: string): Requirement {
  const find = (): string | undefined => {
    const list = findOnPath(['fc-list']);
    if (list === undefined) return 'unknown';
    const fonts = execFileSync(list, [`:lang=${language}`, 'file'], { encoding: 'utf8' });
    return fonts.split('\n').find((line) => line !== '');
  };
  return { what, debianPackage, find, isOptional: true };
}

/** Without them, screenshots show empty boxes in the place of characters. */
const fonts: readonly Requirement[] = [
  fontRequirement('a Devanagari font', 'hi', 'fonts-noto-core'),
  fontRequirement('a Chinese, Japanese and Korean font', 'ja', 'fonts-noto-cjk'),
  fontRequirement('an emoji font', 'und-zsye', 'fonts-noto-color-emoji'),
];

/** What the end-to-end tests need on the machine. */
const REQUIREMENTS: readonly Requirement[] = [
  { what: 'Chromium', debianPackage: 'chromium', find: findChromium, minimumVersion: 148 },
  {
    what: 'Firefox (ESR, Developer Edition or Nightly)',
    debianPackage: 'firefox-esr',
    find: findFirefox,
    minimumVersion: 153,
  },
  { what: 'Xvfb', debianPackage: 'xvfb', find: () => findOnPath(['Xvfb']) },
  { what: 'openbox', debianPackage: 'openbox', find: () => findOnPath(['openbox']) },
  { what: 'xdotool', debianPackage: 'xdotool', find: () => findOnPath(['xdotool']) },
  {
    what: 'import (ImageMagick)',
    debianPackage: 'imagemagick',
    find: () => findOnPath(['import']),
  },
  ...fonts,
];

/** Thrown when the machine lacks something; the message is what to type. */
class MissingRequirementError extends Error {
  override readonly name = 'MissingRequirementError';
}

/**
 * Makes sure that both browsers and the virtual display are there. On a Debian-like system, as root or with sudo that asks nothing,
 * installs what is missing; elsewhere throws a message that says what to type.
 */
export function ensureBrowsers(): void {
  const missing = REQUIREMENTS.filter(({ find }) => find() === undefined);
  if (missing.length > 0) install(missing);
  for (const requirement of REQUIREMENTS) checkVersion(requirement);
}

/** What to type for the fonts that are missing; undefined when there is every one. For who needs pictures as a person sees them. */
export function missingFonts(): string | undefined {
  const missing = fonts.filter(({ find }) => find() === undefined);
  if (missing.length === 0) return undefined;
  const [names, packages] = [
    missing.map(({ what }) => what),
    missing.map(({ debianPackage }) => debianPackage),
  ];
  return `Missing: ${names.join(', ')}. On Debian or Ubuntu type:\n  sudo apt-get install -y --no-install-recommends ${packages.join(' ')}`;
}

function install(missing: readonly Requirement[]): void {
  const names = missing.map(({ what }) => what).join(', ');
  const packages = missing.map(({ debianPackage }) => debianPackage);
  const advice =
    `Missing: ${names}. On Debian or Ubuntu type:\n  sudo apt-get update && sudo apt-get install -y --no-install-recommends ${packages.join(' ')}` +
    '\nElsewhere install them by hand; THREELO_CHROMIUM and THREELO_FIREFOX name the browsers when they are not on the path.';
  const prefix = rootPrefix();
  if (prefix === undefined || findOnPath(['apt-get']) === undefined) {
    if (missing.some(({ isOptional }) => !isOptional)) throw new MissingRequirementError(advice);
    process.stdout.write(`${advice}\n`);
    return;
  }
  process.stdout.write(`Missing: ${names}; installing ${packages.join(', ')}.\n`);
  for (const args of [['update'], ['install', '-y', '--no-install-recommends', ...packages]]) {
    const [command = '', ...rest] = [...prefix, 'apt-get', ...args];
    const { status } = spawnSync(command, rest, {
      stdio: 'inherit',
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    });
    if (status !== 0)
      throw new MissingRequirementError(`apt-get ${args[0] ?? ''} failed.\n${advice}`);
  }
  const still = missing.filter(({ find, isOptional }) => !isOptional && find() === undefined);
  if (still.length > 0)
    throw new MissingRequirementError(
      `Still missing after the installation: ${still.map(({ what }) => what).join(', ')}.\n${advice}`,
    );
}

function rootPrefix(): string[] | undefined {
  if (process.getuid?.() === 0) return [];
  const sudo = findOnPath(['sudo']);
  return sudo !== undefined && spawnSync(sudo, ['-n', 'true'], { stdio: 'ignore' }).status === 0
    ? [sudo, '-n']
    : undefined;
}

function checkVersion({ what, find, minimumVersion }: Requirement): void {
  const binary = find();
  if (minimumVersion === undefined || binary === undefined) return;
  const output = execFileSync(binary, ['--version'], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const major = Number(/(\d+)\.\d/.exec(output)?.[1]);
  if (!(major >= minimumVersion))
    throw new MissingRequirementError(
      `${what} ${minimumVersion} or later is needed; ${binary} is ${output.trim()}.`,
    );
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  try {
    ensureBrowsers();
    process.stdout.write('Both browsers and the virtual display are there.\n');
  } catch (error) {
    if (!(error instanceof MissingRequirementError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  }
}
