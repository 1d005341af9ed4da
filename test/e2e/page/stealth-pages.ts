import type { TestPages } from '../../standin/test-pages.ts';
import { spyInFrame, watchEverything } from './stealth-probes.ts';

export const connected = 'https://dashboard.example';
export const unconnected = 'https://evil.example';
export const otherPort = 'https://dashboard.example:8443';
const script = `<script nonce="probe">(${watchEverything.toString()})()</script>`;
const strictPolicy = "default-src 'none'; script-src 'nonce-probe'; report-uri /reports";

/** The pages that look for the extension, on three hosts. */
export function setProbePages(pages: TestPages): void {
  const frame = (name: string): string =>
    `${script}<script>(${spyInFrame.toString()})('${name}')</script>${name}`;
  const worker = `fetch('https://api.atlassian.com/probe/worker', { method: 'POST', body: 'x' })
    .catch(() => 0).then(() => postMessage(0))`;
  for (const host of ['dashboard.example', 'evil.example', 'frame.example']) {
    pages.set(host, '/probe', { body: `<!doctype html>${script}<title>Probe</title><p>Probe</p>` });
    pages.set(host, '/settle', { body: '' });
    pages.set(host, '/strict', {
      headers: { 'content-security-policy': strictPolicy },
      body: `<!doctype html>${script}<p>Strict</p>`,
    });
    pages.set(host, '/inner', { body: frame(`inner of ${host}`) });
    pages.set(host, '/nest', {
      body: `${frame(`nest of ${host}`)}<iframe src="${connected}/inner"></iframe>`,
    });
    pages.set(host, '/probe/worker.js', {
      headers: { 'content-type': 'text/javascript' },
      body: worker,
    });
  }
  const sourceOf = (name: string): string =>
    frame(name).replaceAll('&', '&amp;').replaceAll('"', '&quot;');
  const frames = [
    `<iframe src="${connected}/inner"></iframe>`,
    '<iframe src="https://frame.example/inner"></iframe>',
    '<iframe src="https://frame.example/nest"></iframe>',
    `<iframe sandbox="allow-scripts" src="${connected}/inner"></iframe>`,
    `<iframe sandbox="allow-scripts allow-same-origin" src="${connected}/inner"></iframe>`,
    `<iframe srcdoc="${sourceOf('srcdoc')}"></iframe>`,
    `<iframe sandbox="allow-scripts" srcdoc="${sourceOf('sandboxed srcdoc')}"></iframe>`,
    `<iframe src="data:text/html,${encodeURIComponent(frame('data'))}"></iframe>`,
    '<iframe name="blank"></iframe>',
    '<iframe name="about" src="about:blank"></iframe>',
  ];
  pages.set('dashboard.example', '/frames', { body: `<!doctype html>${script}${frames.join('')}` });
  pages.set('evil.example', '/framer', {
    body: `<!doctype html>${script}<iframe src="${connected}/inner"></iframe><iframe src="${unconnected}/nest"></iframe>`,
  });
  pages.set('dashboard.example', '/sandboxed', {
    headers: { 'content-security-policy': 'sandbox allow-scripts' },
    body: `<!doctype html>${script}<p>Sandboxed</p>`,
  });
}
