import type { ComponentChildren } from 'preact';
import { isProblemName } from '#core/protocol/oauth1-problems.ts';
import type { Fault } from '#core/values/fault.ts';
import { Name, Sentence } from '../controls/name.tsx';
import { t, tCount, type MessageKey } from '../i18n.ts';

/** Names of stored entries, which say nothing to a person. */
const storedKey = /^(?:client|session|grant|denials|damaged):|^(?:settings|schema)$/u;

export interface FaultMessageProps {
  readonly fault: Fault;
  /** What a person reads for a field; undefined for one that is shown as it is. */
  readonly labelOf?: ((field: string) => ComponentChildren) | undefined;
}

/** The text of a fault: what happened, what to do, and the subject. A problem of OAuth 1.0a has its own text. */
export function FaultMessage({ fault, labelOf }: FaultMessageProps) {
  const problem =
    fault.subject !== undefined && isProblemName(fault.subject) ? fault.subject : undefined;
  return (
    <>
      <p>
        {t(problem === undefined ? textOf(fault) : `oauth1_problem_${problem}`)}
        {fault.subject === undefined || isStoredKey(fault.subject) ? null : (
          <>
            {' '}
            <code>
              (<Name text={fault.subject} />)
            </code>
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
              <Sentence
                of="labelled"
                names={[labelOf?.(field) ?? <code>{field}</code>, t(`problem_${problem}`)]}
              />
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

function isStoredKey(subject: string): boolean {
  return storedKey.test(subject);
}

/** The text of a fault. Without a valid version nothing that is stored can be read. */
function textOf({ code, subject }: Fault): MessageKey {
  return code === 'storage_damaged' && subject === 'schema'
    ? 'storage_unreadable'
    : `fault_${code}`;
}
