import { describe, loadIssues, loadPages } from './dashboard-data.js';

const dates = new Intl.DateTimeFormat('en', { dateStyle: 'medium' });
const find = (selector) => document.querySelector(selector);

/** Builds an element; children are elements or text, never markup. */
function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

function link(url, text) {
  return element('a', { href: url, rel: 'noreferrer' }, text);
}

function errorBox(error) {
  const { code, text } = describe(error);
  return element('p', { class: 'error', role: 'alert' }, element('code', {}, code), ` ${text}`);
}

function table(headings, rows) {
  const head = headings.map((heading) => element('th', { scope: 'col' }, heading));
  return element(
    'table',
    {},
    element('thead', {}, element('tr', {}, ...head)),
    element('tbody', {}, ...rows.map((cells) => element('tr', {}, ...cells))),
  );
}

const cell = (content, style = '') => element('td', style && { class: style }, content);

function statusBar(counts) {
  const bar = element('div', { class: 'bar', 'aria-hidden': 'true' });
  for (const { kind, count } of counts) {
    const part = element('span', { class: kind });
    part.style.setProperty('--share', String(count));
    bar.append(part);
  }
  const items = counts.map(({ name, kind, count }) =>
    element(
      'li',
      {},
      element('span', { class: `dot ${kind}` }),
      `${name} `,
      element('strong', {}, String(count)),
    ),
  );
  return [bar, element('ul', { class: 'counts' }, ...items)];
}

function drawIssues({ total, counts, newest }, site) {
  const rows = newest.map(({ key, fields }) => [
    cell(link(`${site.url}/browse/${key}`, key), 'nowrap'),
    cell(fields.summary),
    cell(fields.status.name, 'nowrap'),
  ]);
  return [
    element('h3', {}, `Jira: ${total} issues`),
    ...statusBar(counts),
    table(['Newest', 'Summary', 'Status'], rows),
  ];
}

function drawPages({ total, newest }) {
  const rows = newest.map(({ title, space, createdAt, url }) => [
    cell(link(url, title)),
    cell(space),
    cell(dates.format(new Date(createdAt)), 'nowrap'),
  ]);
  return [
    element('h3', {}, `Confluence: ${total} pages`),
    table(['Newest', 'Space', 'Created'], rows),
  ];
}

/** One product of one site; its failure is shown in its place and spoils nothing else. */
async function drawProduct(site) {
  const isJira = site.product === 'jira';
  try {
    const drawn = isJira
      ? drawIssues(await loadIssues(site), site)
      : drawPages(await loadPages(site));
    return { isDrawn: true, parts: drawn };
  } catch (error) {
    return {
      isDrawn: false,
      parts: [element('h3', {}, isJira ? 'Jira' : 'Confluence'), errorBox(error)],
    };
  }
}

async function drawSite([url, products]) {
  const drawn = await Promise.all(products.map(drawProduct));
  const [{ name }] = products;
  const title = element('h2', {}, link(url, name), element('small', {}, new URL(url).host));
  return {
    isDrawn: drawn.every(({ isDrawn }) => isDrawn),
    card: element('section', { class: 'card' }, title, ...drawn.flatMap(({ parts }) => parts)),
  };
}

function say(text, error) {
  find('#status').replaceChildren(...(error ? [errorBox(error)] : [text]));
}

function fillForm(sites) {
  const options = sites.map(({ id, name, product }) =>
    element('option', { value: id }, `${name} ${product === 'jira' ? 'Jira' : 'Confluence'}`),
  );
  find('#try select[name=site]').replaceChildren(...options);
}

let drawing = 0;

/** Draws everything again; a later call cancels an earlier one. */
async function draw() {
  drawing += 1;
  const mine = drawing;
  say('Loading…');
  try {
    const sites = await window.threelo.sites();
    const byUrl = Map.groupBy(sites, ({ url }) => url);
    const cards = await Promise.all([...byUrl].map(drawSite));
    if (mine !== drawing) return;
    find('#sites').replaceChildren(...cards.map(({ card }) => card));
    fillForm(sites);
    for (const id of ['#reload', '#disconnect', '#try']) find(id).hidden = false;
    const wrong = cards.filter(({ isDrawn }) => !isDrawn).length;
    say(
      wrong === 0
        ? `${byUrl.size} sites drawn through Threelo ${window.threelo.version}.`
        : `${wrong} of ${byUrl.size} sites could not be drawn in full.`,
    );
  } catch (error) {
    if (mine !== drawing) return;
    find('#sites').replaceChildren();
    for (const id of ['#reload', '#disconnect', '#try']) find(id).hidden = true;
    say('', error);
  }
}

async function tryCall(event) {
  event.preventDefault();
  const { method, site, path } = Object.fromEntries(new FormData(find('#try form')));
  const answer = find('#answer');
  answer.hidden = false;
  answer.textContent = 'Waiting…';
  try {
    const response = await window.threelo.fetch(path, { method, site });
    const text = await response.text();
    answer.textContent = `${response.status} ${response.url}\n\n${indented(text)}`;
  } catch (error) {
    const { code, text } = describe(error);
    answer.textContent = `${code}\n\n${text}`;
  }
  answer.scrollIntoView({ block: 'nearest' });
}

function indented(text) {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text; // not JSON: shown as it came
  }
}

let connected;

/** Runs at the start, and when the page is connected (again): there is a new `threelo` then. */
function connect() {
  if (connected === window.threelo) return;
  connected = window.threelo;
  connected.addEventListener('change', draw);
  void draw();
}

find('#reload').addEventListener('click', draw);
find('#disconnect').addEventListener('click', () => window.threelo.disconnect());
find('#try form').addEventListener('submit', tryCall);
// It may have happened already: the extension can be faster than this script.
window.addEventListener('threelo:ready', connect);
if ('threelo' in window) connect();
else
  say('Not connected. Open Threelo in the toolbar (Alt+Shift+L) and choose “Connect this page”.');
