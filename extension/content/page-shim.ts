/**
 * `window.threelo` in the page's own world, on connected origins only. It has no authority: the worker checks every
 * message, whichever script sent it.
 */
import { arePortsInPatterns } from '#browser/host-pattern.ts';
import { shimMarker } from '#browser/shim-marker.ts';
import type { Threelo } from '#wire/page-api.ts';
import { version } from '../../package.json';
import { createPageApi } from './page-api.ts';
import { openChannel } from './worker-channel.ts';

function createThreelo(): Threelo {
  const events = new EventTarget();
  const channel = openChannel({
    onReady: () => window.dispatchEvent(new Event('threelo:ready')),
    onEvent: () => events.dispatchEvent(new Event('change')),
  });
  return createPageApi(channel, events, version);
}

/** Firefox runs a registered script on every port of a host. On a port other than the default, the worker has to inject it. */
function isInjectionIntended(): boolean {
  if (arePortsInPatterns) return true;
  const marker = Symbol.for(shimMarker);
  const isMarked = Reflect.has(window, marker);
  Reflect.deleteProperty(window, marker);
  return location.port === '' || isMarked;
}

// A document with an opaque origin gets no API, whatever its URL.
if (isInjectionIntended() && self.origin !== 'null') {
  Object.defineProperty(window, 'threelo', {
    value: createThreelo(),
    configurable: true,
    enumerable: true,
  });
}
