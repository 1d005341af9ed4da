/* global MessageChannel, addEventListener, postMessage, location */
/* The content script of the bare chain: it relays between the page and the background, by one-off messages or by a port. */
const api = globalThis.browser ?? globalThis.chrome;
const { port1, port2 } = new MessageChannel();
let toBackground;

function connected() {
  if (toBackground !== undefined) return toBackground;
  toBackground = api.runtime.connect();
  toBackground.onMessage.addListener((reply) => port1.postMessage(reply, [reply.body]));
  toBackground.onDisconnect.addListener(() => {
    toBackground = undefined;
  });
  return toBackground;
}

port1.onmessage = async ({ data: { way, ...message } }) => {
  if (way === 'port') return connected().postMessage(message);
  const reply = await api.runtime.sendMessage(message);
  port1.postMessage({ id: message.id, ...reply }, [reply.body]);
};
addEventListener('message', ({ data }) => {
  if (data === 'bare:page') postMessage('bare:port', location.origin, [port2]);
});
