/* The background of the bare chain: it fetches what the content script names, and nothing else. */
const api = globalThis.browser ?? globalThis.chrome;

async function respond({ url }) {
  const response = await fetch(url, {
    headers: { accept: 'application/json', authorization: `Bearer ${'x'.repeat(2000)}` },
    credentials: 'omit',
    cache: 'no-store',
    redirect: 'manual',
  });
  const { status, headers } = response;
  return { status, headers: [...headers], body: await response.arrayBuffer() };
}

api.runtime.onMessage.addListener((message, _sender, reply) => {
  void respond(message).then(reply);
  return true;
});
api.runtime.onConnect.addListener((port) => {
  port.onMessage.addListener(async (message) => {
    port.postMessage({ id: message.id, ...(await respond(message)) });
  });
});
