/* Another extension, as its background and as its content script: it sends what a test names, and tells what came back. */
const api = globalThis.browser ?? globalThis.chrome;
const { name } = api.runtime.getManifest();

/** JSON can carry it, also where messages are not structured clones. */
function readable(value) {
  return JSON.parse(
    JSON.stringify(value ?? 'nothing', (_, part) =>
      part instanceof ArrayBuffer ? new TextDecoder().decode(part) : part,
    ),
  );
}

async function send({ to, message }) {
  try {
    return readable(await api.runtime.sendMessage(to, message));
  } catch (error) {
    return String(error);
  }
}

/** Posts the messages over one port; resolves to what was posted back, until as many came as are awaited or the port closed. */
function post({ to, messages, awaited }) {
  return new Promise((resolve) => {
    const port = api.runtime.connect(to);
    const received = [];
    port.onMessage.addListener((message) => {
      received.push(readable(message));
      if (received.length < awaited) return;
      port.disconnect();
      resolve(received);
    });
    port.onDisconnect.addListener(() => {
      resolve([...received, 'closed']);
    });
    for (const message of messages) port.postMessage(message);
  });
}

/** Calls with the code of `recipes/extension.js`, which is in the same file. */
async function getByRecipe({ to, input }, connect) {
  try {
    return await getJson(connect(to), input);
  } catch (error) {
    return String(error);
  }
}

async function act({ how, ...asked }) {
  if (how === 'id') return api.runtime.id;
  if (how === 'recipe by message') return getByRecipe(asked, byMessage);
  if (how === 'recipe by port') return getByRecipe(asked, byPort);
  return how === 'post' ? post(asked) : send(asked);
}

if (location.protocol === 'https:') {
  addEventListener('message', async ({ data, source }) => {
    if (source !== window || data.by !== name) return;
    const result = await (data.from === 'content' ? act(data) : api.runtime.sendMessage(data));
    window.postMessage({ answers: data.id, result }, '*');
  });
} else {
  api.runtime.onMessage.addListener((asked, _sender, reply) => {
    void act(asked).then(reply);
    return true;
  });
}
