import { hourOf } from '#core/quota/closing-time.ts';
import type { LimitedCall } from '#core/quota/limited-call.ts';
import {
  addCall,
  addObjects,
  announce,
  isShareUsed,
  newHour,
  pointsOf,
  type QuotaHour,
} from '#core/quota/quota-hour.ts';
import { readAnnounced, type ResponseFields } from '#core/quota/rate-limit-headers.ts';
import type { World } from '../platform/world.ts';

/** What each app did in the current hour, and at Atlassian's gateway at each tenant too. */
export interface Ledger {
  sent(call: LimitedCall): void;
  returned(call: LimitedCall, objects: number): void;
  /** Records what a response announces. */
  received(call: LimitedCall, fields: ResponseFields, isLimited: boolean): void;
  held(call: LimitedCall): void;
  /**
   * Why a call is not sent until the hour ends: its app has used the budget of this browser; or the points are scarce, and its
   * origin has used its share of them.
   */
  usedUp(call: LimitedCall): UsedUp | undefined;
  /** Whether the points that the call uses are scarce. */
  isScarce(call: LimitedCall): boolean;
  /** What an app did in the current hour; undefined for nothing. */
  of(app: string): QuotaHour | undefined;
  /** The current hours, by key. */
  entries(): readonly (readonly [string, QuotaHour])[];
  /** Continues what an earlier worker counted. */
  restore(entries: readonly (readonly [string, QuotaHour])[]): void;
}

/** See {@link Ledger.usedUp}. */
export type UsedUp = 'budget' | 'share';

/** @param budget - see `createGovernor` */
export function createLedger(
  { nowMs }: Pick<World, 'nowMs'>,
  budget: () => number | undefined,
): Ledger {
  const hours = new Map<string, QuotaHour>();
  const current = (key: string, assumedQuota?: number): QuotaHour => {
    const hour = hourOf(nowMs());
    const known = hours.get(key);
    if (known?.hour === hour) return known;
    // An announced quota is that of the next hour, too.
    const next = newHour(hour, known === undefined ? assumedQuota : known.quota);
    hours.set(key, next);
    return next;
  };
  const ofApp = ({ app, assumedQuota }: LimitedCall): QuotaHour => current(app, assumedQuota);
  const ofTenant = ({ app, tenant }: LimitedCall): QuotaHour => current(`${tenant} ${app}`);
  const each = (call: LimitedCall): QuotaHour[] =>
    call.system === 'other' ? [ofApp(call)] : [ofApp(call), ofTenant(call)];
  return {
    sent: (call) => {
      addCall(ofApp(call), call.origin);
      if (call.system !== 'other') addCall(ofTenant(call), call.origin);
    },
    returned: (call, objects) => {
      for (const hour of each(call)) addObjects(hour, call.origin, objects);
    },
    received: (call, fields, isLimited) => {
      if (isLimited) for (const hour of each(call)) hour.limited += 1;
      if (call.system === 'other') return;
      const all = readAnnounced(fields);
      if (all.length === 0 || !isOfHour(fields, nowMs())) return;
      for (const { isOfTenant, ...announced } of all) {
        announce(isOfTenant ? ofTenant(call) : ofApp(call), announced, call.system);
        const app = ofApp(call);
        // An app that has points at each tenant has none for all of them together.
        if (isOfTenant && app.announced === undefined) {
          app.quota = undefined;
          app.scarce = undefined;
        }
      }
    },
    held: (call) => {
      for (const hour of each(call)) hour.held += 1;
    },
    usedUp: (call) => {
      // Other systems than Atlassian's cloud count no points.
      if (call.system !== 'other' && pointsOf(ofApp(call)) >= (budget() ?? Infinity))
        return 'budget';
      return each(call).some((hour) => isShareUsed(hour, call.origin)) ? 'share' : undefined;
    },
    isScarce: (call) => each(call).some(({ scarce }) => scarce !== undefined),
    of: (app) => {
      const known = hours.get(app);
      return known?.hour === hourOf(nowMs()) ? known : undefined;
    },
    entries: () => [...hours].filter(([, { hour }]) => hour === hourOf(nowMs())),
    restore: (entries) => {
      for (const [key, hour] of entries) hours.set(key, hour);
    },
  };
}

/** Whether a response is of the current hour by the server's clock, which may be ahead or behind. */
function isOfHour(fields: ResponseFields, nowMs: number): boolean {
  const dateMs = Date.parse(fields.get('date') ?? '');
  return Number.isNaN(dateMs) || hourOf(dateMs) === hourOf(nowMs);
}
