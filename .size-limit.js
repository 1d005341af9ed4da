import { startScriptsOf } from './test/tools/package-graph.ts';

/** What each context parses when it starts, gzip. A budget stands just above what it is: lower it when that falls. */
const budgets = [
  // On every load of a connected page.
  { name: 'content script', entry: 'extension/content/content.js', limit: '2.1 kB' },
  { name: 'page API', entry: 'extension/content/page-shim.js', limit: '3.3 kB' },
  // On every opening.
  { name: 'popup', entry: 'popup/index.html', limit: '40.5 kB' },
  { name: 'question window', entry: 'popup/ask.html', limit: '29.1 kB' },
  { name: 'options', entry: 'options/index.html', limit: '106.4 kB' },
  // On every event after 30 idle seconds. The table of paths that make credentials is part of it: every call is compared with it.
  { name: 'background', entry: 'service-worker-loader.js', limit: '119.3 kB' },
];

export default [
  ...budgets.map(({ name, entry, limit }) => ({
    name,
    limit,
    gzip: true,
    path: startScriptsOf('chrome', entry).map((file) => `dist/chrome/${file}`),
  })),
  // Read by the background when a page first asks what it may call.
  { name: 'table of operations', limit: '7.8 kB', gzip: true, path: 'dist/chrome/operations.txt' },
  // In the bundle of every page that uses it.
  { name: 'page client', limit: '1.4 kB', gzip: true, path: 'dist/page-client/index.js' },
];
