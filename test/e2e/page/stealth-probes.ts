/*
 * What a page that wants to know runs. Sent as source text, so each function is self-contained: no imports, no module scope.
 */

/** What the first script of a page records from then on. */
export interface Watched {
  /** `message` events, with the ports that came along. */
  readonly messages: string[];
  /** Calls of what a script in the page's own world would use, its stack's first line left out. */
  readonly calls: string[];
  readonly mutations: string[];
  readonly violations: string[];
}

declare global {
  interface Window {
    watched: Watched;
  }
}

/** Runs as the first script of the page. */
export function watchEverything(): void {
  const watched: Watched = { messages: [], calls: [], mutations: [], violations: [] };
  window.watched = watched;
  window.addEventListener('message', ({ data, ports, source }) => {
    const from = source === window ? '' : ', of a frame';
    watched.messages.push(`${JSON.stringify(data)} with ${ports.length} ports${from}`);
  });
  document.addEventListener(
    'securitypolicyviolation',
    ({ violatedDirective, blockedURI, sourceFile }) => {
      if (blockedURI.endsWith('/favicon.ico')) return; // Firefox's own wish, with or without an extension
      watched.violations.push(`${violatedDirective} ${blockedURI} ${sourceFile}`);
    },
  );
  new MutationObserver((records) => {
    for (const { type, target, addedNodes, removedNodes, attributeName } of records) {
      for (const node of [...addedNodes, ...removedNodes])
        watched.mutations.push(`${type} ${target.nodeName} ${node.nodeName}`);
      if (attributeName !== null) watched.mutations.push(`${target.nodeName} ${attributeName}`);
    }
  }).observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
  const watch = (name: string, owner: object, method: string): void => {
    const original = Reflect.get(owner, method) as (this: unknown, ...given: unknown[]) => unknown;
    Reflect.set(owner, method, function (this: unknown, ...args: unknown[]) {
      const [first] = args;
      watched.calls.push(
        `${name}.${method} ${first instanceof Event ? first.type : JSON.stringify(first)}`,
      );
      return original.apply(this ?? window, args);
    });
  };
  watch('EventTarget', EventTarget.prototype, 'addEventListener');
  watch('EventTarget', EventTarget.prototype, 'dispatchEvent');
  watch('window', window, 'postMessage');
  watch('MessagePort', MessagePort.prototype, 'postMessage');
  watch('Element', Element.prototype, 'attachShadow');
  watch('document', document, 'createElement');
}

/** Everything a page can list of its own world. */
export async function observe(): Promise<Record<string, unknown>> {
  // Whoever has something to say had the time that two answers of the server take.
  await fetch('/settle').catch(() => undefined);
  await fetch('/settle').catch(() => undefined);
  const told = new Promise((resolve) => {
    window.addEventListener('message', resolve, { once: true });
  });
  postMessage('settle', location.origin);
  await told;
  const namesOf = (value: object | null): string[] =>
    value === null
      ? []
      : [
          ...Reflect.ownKeys(value).map(String),
          ...namesOf(Object.getPrototypeOf(value) as object | null),
        ];
  const membersOf = (value: unknown, depth: number): string[] =>
    typeof value !== 'object' || value === null || depth === 0
      ? []
      : Reflect.ownKeys(value).flatMap((key) => [
          String(key),
          ...membersOf(Reflect.get(value, key), depth - 1).map(
            (member) => `${String(key)}.${member}`,
          ),
        ]);
  return {
    window: namesOf(window).sort(),
    document: namesOf(document).sort(),
    navigator: namesOf(navigator).sort(),
    chrome: membersOf((window as { chrome?: unknown }).chrome, 3).sort(),
    symbols: Object.getOwnPropertySymbols(window).map(String),
    dom: new XMLSerializer().serializeToString(document),
    sheets: document.styleSheets.length + document.adoptedStyleSheets.length,
    background: getComputedStyle(document.body).backgroundColor,
    frames: window.length,
    resources: performance
      .getEntriesByType('resource')
      .map(({ name }) => name)
      .filter((name) => !/\/(settle|favicon\.ico)$/u.test(name)), // the one is ours, the other the browser's
    userAgent: navigator.userAgent,
    ...window.watched,
  };
}

/** How each way to load each path ends, with the base left out so that two bases compare. */
export async function loadPackaged(
  base: string,
  paths: readonly string[],
): Promise<Record<string, string>> {
  const how = (error: unknown): string => `${(error as Error).name}: ${(error as Error).message}`;
  const byElement = (
    tag: 'img' | 'script' | 'link' | 'iframe',
    url: string,
    attributes: object = {},
  ): Promise<string> =>
    new Promise((resolve) => {
      const element = document.createElement(tag);
      const end = (event: Event): void => {
        const { contentDocument, naturalWidth } = element as HTMLIFrameElement & HTMLImageElement;
        resolve(`${event.type} ${String(contentDocument?.URL)} ${naturalWidth}`);
        element.remove();
      };
      element.addEventListener('load', end);
      element.addEventListener('error', end);
      const address = tag === 'link' ? { rel: 'stylesheet', href: url } : { src: url };
      Object.assign(element, attributes, address);
      document.body.append(element);
    });
  const byRequest = (url: string): Promise<string> =>
    new Promise((resolve) => {
      const request = new XMLHttpRequest();
      request.onloadend = () => resolve(`${request.status} ${request.responseText.length}`);
      request.open('GET', url);
      request.send();
    });
  const endings: Record<string, string> = {};
  for (const path of paths) {
    const url = `${base}/${path}`;
    const ways = await Promise.all([
      fetch(url).then(({ status }) => String(status), how),
      fetch(url, { mode: 'no-cors' }).then(({ type }) => type, how),
      byRequest(url),
      byElement('script', url, { type: 'module' }),
      ...(['img', 'script', 'link', 'iframe'] as const).map((tag) => byElement(tag, url)),
    ]);
    endings[path] = ways
      .join(' | ')
      .replaceAll(base, '<base>')
      .replaceAll(path || '\0', '<path>');
  }
  return endings;
}

/** Sends one request of each kind that a page can send, to its own host and to those that the extension may reach. */
export async function askAround(): Promise<void> {
  const api = 'https://api.atlassian.com/probe';
  const quiet = (asked: Promise<unknown>): Promise<unknown> => asked.catch(() => undefined);
  await quiet(fetch('/probe/get'));
  await quiet(fetch('/probe/post', { method: 'POST', body: 'x' }));
  await quiet(fetch(`${api}/get`));
  await quiet(fetch(`${api}/post`, { method: 'POST', body: 'x' }));
  await quiet(fetch(`${api}/no-cors`, { method: 'POST', body: 'x', mode: 'no-cors' }));
  await quiet(fetch('https://auth.atlassian.com/probe/post', { method: 'POST', body: 'x' }));
  await quiet(fetch('https://site-admin-avatar-cdn.prod.public.atl-paas.net/probe/get'));
  await new Promise((resolve) => {
    const request = new XMLHttpRequest();
    request.onloadend = resolve;
    request.open('PUT', `${api}/xhr`);
    request.send('x');
  });
  await new Promise((resolve) => {
    const image = new Image();
    image.onload = image.onerror = resolve;
    image.src = `${api}/image`;
  });
  await new Promise((resolve) => {
    const frame = document.createElement('iframe');
    frame.onload = resolve;
    frame.src = `${api}/frame`;
    document.body.append(frame);
  });
  await new Promise((resolve) => {
    const worker = new Worker('/probe/worker.js');
    worker.onmessage = resolve;
    worker.onerror = resolve;
  });
  navigator.sendBeacon(`${api}/beacon`, 'x');
}

/** What a frame reports about itself. */
export interface FrameReport {
  readonly name: string;
  readonly origin: string;
  readonly hasApi: boolean;
  /** Messages it received from its own window, as a content script would send them, or with a port. */
  readonly heard: string[];
}

/** The script of a frame: it asks everybody for the page API in the extension's own words, and reports to the top when asked. */
export function spyInFrame(name: string): void {
  const heard: string[] = [];
  addEventListener('message', ({ data, ports, source }) => {
    if (data !== 'report?') {
      if (source === window || ports.length > 0)
        heard.push(`${JSON.stringify(data)} with ${ports.length} ports`);
      return;
    }
    const report: FrameReport = { name, origin: self.origin, hasApi: 'threelo' in window, heard };
    top?.postMessage(report, '*');
  });
  for (const target of new Set([parent, top]))
    for (const call of ['threelo:shim', 'threelo:content'])
      target?.postMessage({ threelo: call }, '*');
}

/** In the top page, once it is loaded: what its frames report, at any depth. */
export async function askFrames(count: number): Promise<FrameReport[]> {
  const reports: FrameReport[] = [];
  const all = new Promise<void>((resolve) => {
    addEventListener('message', ({ data }: MessageEvent<FrameReport>) => {
      if (typeof data !== 'object' || !('hasApi' in data)) return;
      reports.push(data);
      if (reports.length === count) resolve();
    });
  });
  const askIn = (target: Window): void => {
    for (let at = 0; at < target.length; at += 1) {
      const frame = target[at] as Window;
      frame.postMessage('report?', '*');
      askIn(frame);
    }
  };
  askIn(window);
  await all;
  const keyOf = ({ name, origin }: FrameReport): string => `${name} ${origin}`;
  return reports.sort((one, other) => keyOf(one).localeCompare(keyOf(other)));
}
