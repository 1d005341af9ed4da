import type { LaunchOptions } from '../browser/browser-under-test.ts';

/** Debian's start script otherwise forbids extensions given on the command line, and phones home. */
export const CHROMIUM_ENV = {
  GOOGLE_API_KEY: 'no',
  GOOGLE_DEFAULT_CLIENT_ID: 'no',
  GOOGLE_DEFAULT_CLIENT_SECRET: 'no',
};

const QUIET = [
  '--no-first-run',
  '--no-default-browser-check',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-domain-reliability',
  '--disable-sync',
  '--disable-quic',
  '--disable-search-engine-choice-screen',
  '--hide-crash-restore-bubble',
  '--password-store=basic',
  '--use-mock-keychain',
  '--disable-features=Translate,OptimizationHints,MediaRouter,AutofillServerCommunication,CertificateTransparencyComponentUpdater,InterestFeedContentSuggestions,SpareRendererForSitePerProcess',
  // Without a graphics card these cost a core time and show nothing, and so does a process started in advance.
  '--disable-gpu',
  '--force-prefers-reduced-motion',
];

/** Command line for one run: this build, this proxy, this one certificate. */
export function chromiumArguments(options: LaunchOptions): string[] {
  const isRoot = process.getuid?.() === 0;
  return [
    ...QUIET,
    ...(isRoot ? ['--no-sandbox', '--test-type'] : []), // --test-type: no bar about the missing sandbox over the page
    '--enable-remote-extensions', // read by Debian's start script only: lets extensions of the command line in
    `--load-extension=${options.buildDir}`,
    `--proxy-server=127.0.0.1:${options.proxyPort}`,
    '--proxy-bypass-list=<-loopback>',
    `--ignore-certificate-errors-spki-list=${options.spkiSha256Base64}`,
    ...(options.consoleFile === undefined
      ? []
      : ['--enable-logging', `--log-file=${options.consoleFile}`]),
    '--window-size=1200,900',
    '--window-position=0,0',
  ];
}
