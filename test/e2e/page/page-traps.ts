/*
 * What a hostile page does before anything else: it keeps every message, port, body, log line and error that it can get
 * hold of. Sent as source text, so the function is self-contained.
 */

declare global {
  interface Window {
    /** Everything the page got hold of, as text; bytes as one character each. */
    trapped: string[];
  }
}

/** Runs as the first script of the page. */
function trapEverything(): void {
  const trapped: string[] = [];
  window.trapped = trapped;
  const textOf = (value: unknown, depth = 0): string => {
    if (value instanceof ArrayBuffer) return new TextDecoder('latin1').decode(value);
    if (ArrayBuffer.isView(value)) return new TextDecoder('latin1').decode(value);
    if (value instanceof Error)
      return [
        value.name,
        value.message,
        value.stack,
        textOf(Object.assign({ cause: value.cause }, value), depth + 1),
      ].join('\n');
    if (typeof value !== 'object' || value === null || depth > 8) return String(value);
    return Object.entries(value)
      .map(([key, member]) => `${key}: ${textOf(member, depth + 1)}`)
      .join('\n');
  };
  const note = (what: string, value: unknown): void =>
    void trapped.push(`${what}: ${textOf(value)}`);

  window.addEventListener('message', ({ data, ports }) => {
    note('window message', data);
    // The very port that the page API uses: a second listener hears all that the first one does.
    for (const port of ports)
      port.addEventListener('message', (event) => note('port message', event.data));
  });
  const post = MessagePort.prototype.postMessage;
  MessagePort.prototype.postMessage = function (this: MessagePort, ...args: unknown[]) {
    note('posted', args[0]);
    Reflect.apply(post, this, args);
  };
  const watched = ['Response', 'Blob', 'Headers', 'Error', 'CustomEvent'] as const;
  for (const name of watched) {
    const target = window[name] as new (...args: unknown[]) => object;
    Object.defineProperty(window, name, {
      configurable: true,
      writable: true,
      value: new Proxy(target, {
        construct(made, args, newTarget) {
          note(`new ${name}`, args);
          return Reflect.construct(made, args, newTarget) as object;
        },
      }),
    });
  }
  for (const level of ['debug', 'info', 'log', 'warn', 'error'] as const) {
    const write = console[level].bind(console);
    console[level] = (...args: unknown[]) => {
      note(`console.${level}`, args);
      write(...args);
    };
  }
  window.addEventListener('error', (event) => note('error', event.error ?? event.message));
  window.addEventListener('unhandledrejection', (event) => note('rejection', event.reason));
}

/** A page whose first script traps everything, and whose title and body are given. */
export function trappingPage(title: string, body = ''): string {
  return `<!doctype html><script>(${trapEverything.toString()})()</script><title>${title}</title>${body}`;
}
