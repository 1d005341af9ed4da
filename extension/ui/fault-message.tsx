import type { Fault } from '../core/fault.ts';
import { t, tCount } from './i18n.ts';

/** A fault in words: what happened, what to do, and which part is meant. */
export function FaultMessage({ fault }: { readonly fault: Fault }) {
  return (
    <>
      <p>
        {t(`fault_${fault.code}`)}
        {fault.subject === undefined ? null : (
          <>
            {' '}
            <code>({fault.subject})</code>
          </>
        )}
      </p>
      {fault.retryAfterMs === undefined ? null : (
        <p>{tCount('retry_after', Math.ceil(fault.retryAfterMs / 1000))}</p>
      )}
      {fault.fields === undefined || fault.fields.length === 0 ? null : (
        <ul>
          {fault.fields.map(({ field, problem }) => (
            <li key={`${field} ${problem}`}>
              <code>{field}</code>: {t(`problem_${problem}`)}
            </li>
          ))}
        </ul>
      )}
    </>
  );
}
