import type { Origin } from '#core/values/origin.ts';
import { arePortsInPatterns } from '#target/host-pattern.ts';

const defaultPorts: Readonly<Record<string, string>> = { 'https:': '443', 'http:': '80' };

/** The match pattern of the host permission that a connected origin needs. */
export function hostPattern(origin: Origin): string {
  const url = new URL(origin);
  return `${url.protocol}//${arePortsInPatterns ? url.host : url.hostname}/*`;
}

/**
 * The narrowest match pattern for the content scripts of an origin. A pattern without a port matches every port of its
 * host, so the default port is written too: other ports are other origins.
 */
export function scriptPattern(origin: Origin): string {
  const { protocol, hostname, port } = new URL(origin);
  const explicitPort = port === '' ? defaultPorts[protocol] : port;
  return arePortsInPatterns && explicitPort !== undefined
    ? `${protocol}//${hostname}:${explicitPort}/*`
    : hostPattern(origin);
}

/** Whether a match pattern can be limited to one port, so that registered scripts run on their own origin only. */
export { arePortsInPatterns };

/** Whether a script registered for this origin also runs on others, so that the worker injects the page API itself. */
export function isPatternWiderThanOrigin(origin: Origin): boolean {
  return !arePortsInPatterns && new URL(origin).port !== '';
}
