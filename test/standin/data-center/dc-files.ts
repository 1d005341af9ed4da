import { seededBytes } from '../facts/seeded-bytes.ts';
import { bytes, redirect, type Answer } from '../http/answer.ts';
import type { Incoming } from '../http/incoming.ts';
import type { DcIdentity } from './dc-call.ts';
import type { DcState } from './instance.ts';
import type { DcProduct } from './products.ts';

interface FileFacts {
  /** Where files are, below the context path. */
  readonly path: RegExp;
  /** The sign-in page, with the parameter that names where to go on. */
  readonly signIn: string;
}

/** Files are outside /rest/, where a product sends a visitor that it does not know to its sign-in page. */
const FILES: Readonly<Record<DcProduct, FileFacts>> = {
  jira: {
    path: /^\/secure\/(?:attachment|thumbnail)\/\d+\/[^/]+$/,
    signIn: '/login.jsp?permissionViolation=true&os_destination=',
  },
  confluence: {
    path: /^\/download\/(?:attachments|thumbnails)\/\d+\/[^/]+$/,
    signIn: '/login.action?os_destination=',
  },
  bitbucket: {
    path: /^\/(?:projects|users)\/[^/]+\/repos\/[^/]+\/raw\/.+$/,
    signIn: '/login?next=',
  },
  bamboo: {
    path: /^\/browse\/[A-Z-]+-\d+\/artifact\/.+$/,
    signIn: '/userlogin.action?os_destination=',
  },
};

/** The length of every file. */
const FILE_BYTES = 300_000;

/** Whether a path below the context path is one of a file. */
export function isDcFile(product: DcProduct, path: string): boolean {
  return FILES[product].path.test(path);
}

/** The bytes of the file at a path below the context path. */
export function dcFileBytes(path: string): Buffer {
  return seededBytes(FILE_BYTES, path);
}

/** Answers for a file, or for the sign-in page; undefined for any other path. */
export function answerDcFile(
  state: DcState,
  { method, headers, href }: Incoming,
  path: string,
  { account }: DcIdentity,
): Answer | undefined {
  const { signIn } = FILES[state.product];
  if (method !== 'GET' && method !== 'HEAD') return undefined;
  if (path === signIn.split('?')[0]) return state.door.loginPage(`${state.contextPath}/`);
  if (!isDcFile(state.product, path)) return undefined;
  const isBearer = headers['authorization'] !== undefined;
  if (account === undefined || (isBearer && !state.quirks.takesTokensForFiles)) {
    const destination = encodeURIComponent(href.slice(state.baseUrl.length));
    return redirect(302, `${state.baseUrl}${signIn}${destination}`);
  }
  const answer = bytes(200, dcFileBytes(path), 'application/octet-stream');
  return { ...answer, headers: { ...answer.headers, 'x-ausername': account.nickname } };
}
