/* The content script of the bare chain: it relays between the page and the background, by one-off messages or by a port. */
const api = globalThis.browser ?? globalThis.chrome;
const { port1, port2 } = new MessageChannel();
/* What was sent over the port and has no reply yet: what a background that ended did not get is sent to the next one. */
const sent = new Map();
let toBackground;

function connected() {
  if (toBackground !== undefined) return toBackground;
  toBackground = api.runtime.connect();
  toBackground.onMessage.addListener((reply) => {
    sent.delete(reply.id);
    port1.postMessage(reply, [reply.body]);
  });
  toBackground.onDisconnect.addListener(() => {
    toBackground = undefined;
    for (const message of sent.values()) connected().postMessage(message);
  });
  return toBackground;
}

function sendByPort(message) {
  sent.set(message.id, message);
  connected().postMessage(message);
}

port1.onmessage = async ({ data: { way, ...message } }) => {
  if (way === 'port') return sendByPort(message);
  const reply = await api.runtime.sendMessage(message);
  port1.postMessage({ id: message.id, ...reply }, [reply.body]);
};
addEventListener('message', ({ data }) => {
  if (data === 'bare:page') postMessage('bare:port', location.origin, [port2]);
});
