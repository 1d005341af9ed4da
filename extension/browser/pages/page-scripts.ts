import { browser, type Scripting } from '../api/browser.ts';
import { connectableOrigin, type Origin } from '#core/values/origin.ts';
import contentPath from '../../content/content.ts?script&iife';
import shimPath from '../../content/page-shim.ts?script&iife';
import {
  arePortsInPatterns,
  hostPattern,
  isPatternWiderThanOrigin,
  scriptPattern,
} from '../host-pattern.ts';
import { shimMarker } from '../shim-marker.ts';

const scriptIds = (origin: Origin): { content: string; shim: string } => ({
  content: `content ${origin}`,
  shim: `shim ${origin}`,
});

/** The ids of the scripts of the pages that the organization's policy connects. */
const policyScriptIds = { content: 'content policy', shim: 'shim policy' };

/** The last change of the registered scripts. One follows another: registering an id twice fails. */
let lastChange: Promise<unknown> = Promise.resolve();

function inTurn<T>(change: () => Promise<T>): Promise<T> {
  const changed = lastChange.then(change);
  lastChange = changed.catch(() => undefined);
  return changed;
}

/** Adds the page API to an origin: registers the scripts for documents to come, and injects them into open tabs. */
export async function injectInto(origin: Origin): Promise<void> {
  await inTurn(async () => {
    await unregister(origin);
    await register(origin);
  });
  await injectIntoTabs(origin);
}

/**
 * Restores the injection after a start, or after the host permission was withheld: the browsers drop registered scripts when the
 * extension is updated, and lose them when they are killed soon after the registration. Resolves to whether the scripts had to
 * be registered.
 */
export async function keepInjecting(origin: Origin): Promise<boolean> {
  const isNew = await inTurn(async () => {
    const [registered] = await registeredIds(origin);
    if (registered === undefined) await register(origin);
    return registered === undefined;
  });
  if (isNew) await injectIntoTabs(origin);
  return isNew;
}

/** Unregisters the scripts of an origin; documents that are open keep theirs. Resolves to whether there were any. */
export function stopInjecting(origin: Origin): Promise<boolean> {
  return inTurn(() => unregister(origin));
}

/**
 * Registers the scripts of exactly these origins, all of them together, and injects them into the open tabs of those that were
 * not registered before. Resolves to these.
 */
export async function injectPolicy(origins: readonly Origin[]): Promise<readonly Origin[]> {
  const added = await inTurn(async () => {
    const registered = await browser.scripting.getRegisteredContentScripts();
    const ours = registered.filter(({ id }) => Object.values(policyScriptIds).includes(id));
    const before = new Set(ours.find(({ id }) => id === policyScriptIds.content)?.matches);
    const patterns = new Set(origins.map(scriptPattern));
    if (before.size === patterns.size && [...patterns].every((one) => before.has(one))) return [];
    if (ours.length > 0)
      await browser.scripting.unregisterContentScripts({ ids: ours.map(({ id }) => id) });
    await registerAll(origins, policyScriptIds);
    return origins.filter((origin) => !before.has(scriptPattern(origin)));
  });
  if (added.length > 0) {
    const wanted = new Set<string>(added);
    // One query: there may be thousands of origins, and few tabs.
    const tabs = await browser.tabs.query({});
    const showing = tabs.flatMap(({ id, url = '' }) =>
      id !== undefined && wanted.has(originOf(url)) ? [id] : [],
    );
    await Promise.all(showing.map(injectIntoTab));
  }
  return added;
}

/** Unregisters the scripts of all origins. */
export function stopInjectingAnywhere(): Promise<void> {
  return inTurn(() => browser.scripting.unregisterContentScripts());
}

async function unregister(origin: Origin): Promise<boolean> {
  const ids = await registeredIds(origin);
  if (ids.length > 0) await browser.scripting.unregisterContentScripts({ ids });
  return ids.length > 0;
}

async function registeredIds(origin: Origin): Promise<string[]> {
  const registered = await browser.scripting.getRegisteredContentScripts();
  const ours = Object.values(scriptIds(origin));
  return registered.map(({ id }) => id).filter((id) => ours.includes(id));
}

/** Injects the page API into one document, where the registered pattern also matches other origins. */
export async function injectShim(target: { tabId: number; documentId: string }): Promise<void> {
  await runShim({ tabId: target.tabId, documentIds: [target.documentId] });
}

/** Runs the shim. Where a registered shim also runs on other origins, first sets the mark that this one was injected. */
async function runShim(target: Scripting.InjectionTarget): Promise<void> {
  const common = { target, world: 'MAIN' as const, injectImmediately: true };
  if (!arePortsInPatterns) {
    const func = (name: string): void => {
      Reflect.set(globalThis, Symbol.for(name), true);
    };
    await browser.scripting.executeScript({ ...common, func, args: [shimMarker] });
  }
  await browser.scripting.executeScript({ ...common, files: [shimPath] });
}

/** The tabs that show an origin now, as far as the host permission reveals them. */
async function tabsOf(origin: Origin): Promise<number[]> {
  const tabs = await browser.tabs.query({ url: hostPattern(origin) });
  return tabs.flatMap((tab) => (tab.id !== undefined && isAt(tab.url, origin) ? [tab.id] : []));
}

/** The origins that tabs show now, as far as host permissions reveal them. */
export async function openOrigins(): Promise<readonly Origin[]> {
  const tabs = await browser.tabs.query({});
  return [...new Set(tabs.flatMap(({ url }) => connectableOrigin(url) ?? []))];
}

function isAt(url: string | undefined, origin: Origin): boolean {
  return url !== undefined && originOf(url) === origin;
}

function originOf(url: string): string {
  return URL.parse(url)?.origin ?? '';
}

function register(origin: Origin): Promise<void> {
  return registerAll([origin], scriptIds(origin));
}

async function registerAll(
  origins: readonly Origin[],
  ids: ReturnType<typeof scriptIds>,
): Promise<void> {
  const common = { runAt: 'document_start' as const, allFrames: false };
  // A pattern that also matches other origins must not add the API to them: there the content script asks first.
  const exact = origins.filter((origin) => !isPatternWiderThanOrigin(origin));
  const scripts = [
    { ...common, id: ids.content, js: [contentPath], matches: patternsOf(origins) },
    {
      ...common,
      id: ids.shim,
      js: [shimPath],
      world: 'MAIN' as const,
      matches: patternsOf(exact),
    },
  ].filter(({ matches }) => matches.length > 0);
  if (scripts.length > 0) await browser.scripting.registerContentScripts(scripts);
}

/** Several origins can have the same pattern. */
function patternsOf(origins: readonly Origin[]): string[] {
  return [...new Set(origins.map(scriptPattern))];
}

async function injectIntoTabs(origin: Origin): Promise<void> {
  const tabs = await tabsOf(origin);
  await Promise.all(tabs.map((tabId) => injectIntoTab(tabId)));
}

async function injectIntoTab(tabId: number): Promise<void> {
  try {
    await browser.scripting.executeScript({ target: { tabId }, files: [contentPath] });
    await runShim({ tabId });
  } catch {
    // The tab navigated meanwhile: the registered scripts run if it returns to the origin.
  }
}
