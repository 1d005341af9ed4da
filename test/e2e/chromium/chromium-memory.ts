import type { CDPSession } from 'puppeteer-core';
import { withDeadline } from '../machine/deadline.ts';

/**
 * What a worker holds after a garbage collection, in bytes: its heap, the browser's own objects that belong to it, and array
 * buffers. The debugger is attached for that moment only.
 */
export async function workerHeapBytes(browser: CDPSession, targetId: string): Promise<number> {
  const { sessionId } = await browser.send('Target.attachToTarget', { targetId, flatten: true });
  const worker = browser.connection()?.session(sessionId);
  if (!worker) throw new Error('the worker ended before its memory was read');
  try {
    await withDeadline(worker.send('HeapProfiler.collectGarbage'), 'a garbage collection');
    const heap = await worker.send('Runtime.getHeapUsage');
    return heap.usedSize + heap.embedderHeapUsedSize + heap.backingStorageSize;
  } finally {
    await browser.send('Target.detachFromTarget', { sessionId });
  }
}
