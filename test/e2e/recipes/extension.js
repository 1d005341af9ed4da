/** A request to the user for access, when there is none yet; then a GET. `send` is one of the functions below. */
async function getJson(send, input) {
  const { isConnected } = await send('page.hello');
  if (!isConnected) await send('page.request-access', { access: 'read' });
  const callId = crypto.randomUUID();
  const call = { callId, method: 'GET', input, headers: [], body: null, writtenBytes: 0 };
  let piece = await send('api.request', call);
  if (piece.status !== 200) throw new Error(`${input}: ${piece.status}`);
  const chunks = [piece.chunk];
  while (!piece.isComplete) {
    piece = await send('api.read', { callId });
    chunks.push(piece.chunk);
  }
  return JSON.parse(await new Blob(chunks).text());
}

/** Sends each command as a message of its own to the extension with this id. */
function byMessage(threelo) {
  return async (name, body = {}) =>
    resultOf(await chrome.runtime.sendMessage(threelo, { v: 1, name, body }));
}

/** Sends all commands over one port. When it closes, whatever is not answered is rejected: then open another. */
function byPort(threelo) {
  const port = chrome.runtime.connect(threelo);
  const waiting = new Map();
  let id = 0;
  port.onMessage.addListener((message) => {
    waiting.get(message.id)?.(message.reply);
    waiting.delete(message.id);
  });
  port.onDisconnect.addListener(() => {
    for (const answer of waiting.values()) answer(undefined);
  });
  return async (name, body = {}) => {
    id += 1;
    const reply = new Promise((answer) => waiting.set(id, answer));
    port.postMessage({ v: 1, id, name, body });
    return resultOf(await reply);
  };
}

function resultOf(reply) {
  if (!reply) throw new Error('Threelo does not answer. Its settings may not allow extensions.');
  if (!reply.ok) throw Object.assign(new Error(reply.fault.message), { code: reply.fault.code });
  return reply.value;
}
