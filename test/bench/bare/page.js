/* `window.bare` in the page's own world: `fetch` through the bare chain, as one-off messages or over a long-lived port. */
const pending = new Map();
let lastId = 0;
let port;

function callBy(way) {
  return (url) =>
    new Promise((resolve) => {
      lastId += 1;
      pending.set(lastId, resolve);
      port.postMessage({ id: lastId, way, url });
    });
}

addEventListener('message', ({ data, ports }) => {
  if (data !== 'bare:port') return;
  [port] = ports;
  port.onmessage = ({ data: { id, status, headers, body } }) => {
    pending.get(id)(new Response(body, { status, headers }));
    pending.delete(id);
  };
  window.bare = { message: callBy('message'), port: callBy('port') };
});
// After the content script, which starts with the document too.
addEventListener('DOMContentLoaded', () => postMessage('bare:page', location.origin));
