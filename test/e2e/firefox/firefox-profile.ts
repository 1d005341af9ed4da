import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { LaunchOptions } from '../browser/browser-under-test.ts';
import { zipDirectory } from '../machine/stored-zip.ts';

type Preference = string | number | boolean;

/** Nothing asks, updates, measures or phones home. */
const QUIET: Readonly<Record<string, Preference>> = {
  'app.normandy.enabled': false,
  'app.update.disabledForTesting': true,
  'app.update.enabled': false,
  'app.shield.optoutstudies.enabled': false,
  'browser.aboutConfig.showWarning': false,
  'browser.aboutwelcome.enabled': false,
  'browser.contentblocking.introCount': 99,
  'browser.dom.window.dump.enabled': false,
  'browser.laterrun.enabled': false,
  'browser.newtabpage.enabled': false,
  'browser.newtabpage.activity-stream.feeds.system.topstories': false,
  'browser.ping-centre.telemetry': false,
  'browser.region.network.url': '',
  'browser.region.update.enabled': false,
  'browser.safebrowsing.blockedURIs.enabled': false,
  'browser.safebrowsing.downloads.enabled': false,
  'browser.safebrowsing.malware.enabled': false,
  'browser.safebrowsing.phishing.enabled': false,
  'browser.safebrowsing.update.enabled': false,
  'browser.search.update': false,
  'browser.sessionstore.resume_from_crash': false,
  'browser.shell.checkDefaultBrowser': false,
  'browser.startup.homepage': 'about:blank',
  'browser.startup.homepage_override.mstone': 'ignore',
  'browser.startup.page': 0,
  'browser.tabs.warnOnClose': false,
  'browser.topsites.contile.enabled': false,
  'browser.translations.enable': false,
  'browser.uitour.enabled': false,
  'browser.urlbar.suggest.searches': false,
  'browser.warnOnQuit': false,
  'captivedetect.canonicalURL': '',
  'datareporting.healthreport.uploadEnabled': false,
  'datareporting.policy.dataSubmissionEnabled': false,
  'datareporting.policy.dataSubmissionPolicyBypassNotification': true,
  'dom.push.connection.enabled': false,
  'extensions.blocklist.enabled': false,
  'extensions.getAddons.cache.enabled': false,
  'extensions.systemAddon.update.enabled': false,
  'extensions.update.enabled': false,
  'geo.provider.network.url': '',
  'media.gmp-manager.updateEnabled': false,
  'messaging-system.rsexperimentloader.enabled': false,
  'network.captive-portal-service.enabled': false,
  'network.connectivity-service.enabled': false,
  'network.dns.disablePrefetch': true,
  'network.http.speculative-parallel-limit': 0,
  'network.prefetch-next': false,
  'network.trr.mode': 5,
  'services.settings.server': 'data:,#no-remote-settings',
  'security.notification_enable_delay': 0, // prompts otherwise ignore the first 500 ms
  'signon.rememberSignons': false,
  'startup.homepage_welcome_url': 'about:blank',
  'termsofuse.bypassNotification': true,
  'toolkit.startup.max_resumed_crashes': -1,
  'toolkit.telemetry.server': '',
  'toolkit.telemetry.enabled': false,
  'toolkit.telemetry.unified': false,
  'trailhead.firstrun.didSeeAboutWelcome': true,
  'ui.systemUsesDarkTheme': 0,
};

/** What costs a core time and shows nothing: animations of the browser's own window, and processes started in advance. */
const FRUGAL: Readonly<Record<string, Preference>> = {
  'dom.ipc.processPrelaunch.enabled': false,
  'ui.prefersReducedMotion': 1,
};

/** An unsigned build in the profile's own folder is installed, enabled and kept over restarts. */
const EXTENSION: Readonly<Record<string, Preference>> = {
  'extensions.autoDisableScopes': 0,
  'extensions.enabledScopes': 15,
  'extensions.startupScanScopes': 15,
  'xpinstall.signatures.required': false,
  'extensions.webextensions.warnings-as-errors': false,
};

/** Writes the preferences and the packed build into a profile; a build that is there already stays untouched, so it is no update. */
export function prepareFirefoxProfile(
  profileDir: string,
  options: LaunchOptions,
  extensionId: string,
): void {
  writePreferences(profileDir, {
    ...EXTENSION,
    'devtools.console.stdout.content': options.consoleFile !== undefined,
    'devtools.console.stdout.chrome': options.consoleFile !== undefined,
    'network.proxy.type': 1,
    'network.proxy.http': '127.0.0.1',
    'network.proxy.http_port': options.proxyPort,
    'network.proxy.ssl': '127.0.0.1',
    'network.proxy.ssl_port': options.proxyPort,
    'network.proxy.no_proxies_on': '',
    'network.proxy.allow_hijacking_localhost': true,
  });
  const xpi = zipDirectory(options.buildDir);
  const file = path.join(profileDir, 'extensions', `${extensionId}.xpi`);
  if (existsSync(file) && readFileSync(file).equals(xpi)) return;
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, xpi);
}

/** Writes the preferences of all profiles, and those of this one. */
export function writePreferences(
  profileDir: string,
  own: Readonly<Record<string, Preference>>,
): void {
  const lines = Object.entries({ ...QUIET, ...FRUGAL, ...own }).map(
    ([name, value]) => `user_pref(${JSON.stringify(name)}, ${JSON.stringify(value)});`,
  );
  writeFileSync(path.join(profileDir, 'user.js'), `${lines.join('\n')}\n`);
}
