import { arePortsInPatterns } from '#target/host-pattern.ts';
import type { Origin } from '../core/values/origin.ts';

const defaultPorts: Readonly<Record<string, string>> = { 'https:': '443', 'http:': '80' };

/** The match pattern that the browser is asked for when an origin is connected. */
export function hostPattern(origin: Origin): string {
  const url = new URL(origin);
  return `${url.protocol}//${arePortsInPatterns ? url.host : url.hostname}/*`;
}

/**
 * The narrowest match pattern for the scripts of an origin. A pattern without a port covers every port of its
 * host, the default one being no exception, and other ports are other origins.
 */
export function scriptPattern(origin: Origin): string {
  const { protocol, hostname, port } = new URL(origin);
  const written = port === '' ? defaultPorts[protocol] : port;
  return arePortsInPatterns && written !== undefined
    ? `${protocol}//${hostname}:${written}/*`
    : hostPattern(origin);
}

/** Whether the browser runs scripts on exactly the origins they are registered for. */
export { arePortsInPatterns };

/** Whether no registered script can know that it is at this origin, so that the worker injects the page API itself. */
export function isPatternWiderThanOrigin(origin: Origin): boolean {
  return !arePortsInPatterns && new URL(origin).port !== '';
}
