import type { CloudIds } from '../facts/hosts.ts';
import { seededBytes } from '../facts/seeded-bytes.ts';
import { ACME_CLOUD_ID, GLOBEX_CLOUD_ID } from '../facts/sites.ts';

/** A Jira project. */
export interface Project {
  readonly id: string;
  readonly key: string;
  readonly name: string;
  readonly cloudId: string;
}

/** A Jira issue. */
export interface Issue {
  readonly id: string;
  readonly key: string;
  readonly projectKey: string;
  readonly cloudId: string;
  readonly createdAtMs: number;
  updatedAtMs: number;
  fields: Record<string, unknown>;
}

/** A file of a site. */
export interface StoredFile {
  readonly id: string;
  readonly cloudId: string;
  readonly filename: string;
  readonly mimeType: string;
  readonly bytes: Buffer;
}

/** A file at an issue. */
export interface Attachment extends StoredFile {
  readonly issueKey: string;
}

/** A file at a page. */
export interface PageFile extends StoredFile {
  readonly pageId: string;
}

/** A Confluence space. */
export interface Space {
  readonly id: string;
  readonly key: string;
  readonly name: string;
  readonly cloudId: string;
}

/** A Confluence page. */
export interface Page {
  readonly id: string;
  readonly title: string;
  readonly spaceId: string;
  readonly spaceKey: string;
  readonly cloudId: string;
  readonly createdAtMs: number;
  readonly text: string;
}

/** What the sites hold. */
export interface Content {
  readonly projects: Project[];
  readonly issues: Issue[];
  readonly attachments: Attachment[];
  readonly spaces: Space[];
  readonly pages: Page[];
  readonly pageFiles: PageFile[];
}

const FIRST_MS = Date.UTC(2025, 0, 6, 9);
const HOUR_MS = 3_600_000;
const PROJECTS = [
  [ACME_CLOUD_ID, 'ROC', 'Rockets', 80],
  [ACME_CLOUD_ID, 'TNT', 'Fireworks', 40],
  [GLOBEX_CLOUD_ID, 'DOM', 'Dome', 50],
  [GLOBEX_CLOUD_ID, 'HAM', 'Hammocks', 30],
] as const;
const SPACES = [
  [ACME_CLOUD_ID, 'ENG', 'Engineering', 25],
  [ACME_CLOUD_ID, 'OPS', 'Operations', 10],
  [GLOBEX_CLOUD_ID, 'DOC', 'Documents', 15],
  [GLOBEX_CLOUD_ID, 'HR', 'People', 10],
] as const;
const VERBS = ['Check', 'Repair', 'Replace', 'Measure', 'Paint', 'Document', 'Order'];
/** Some with characters that a page has to escape or that few fonts have; the newest issues and pages are without them. */
const THINGS = [
  'the fuse',
  'the nozzle',
  'the ramp',
  'a <b>bold</b> label',
  'the “quoted” valve',
  'Prüfstand 日本',
  'the launch pad',
  'the hatch',
  'the antenna',
  'the gauge',
  'the cooling pump',
  'the wiring',
  'the service door',
];
const TYPES = ['Task', 'Bug', 'Story'];
const STATES = ['To Do', 'In Progress', 'Done'];

/** 200 issues and 60 pages over the two sites, the same at every start. */
export function makeContent([acme, globex]: CloudIds = [ACME_CLOUD_ID, GLOBEX_CLOUD_ID]): Content {
  const idOf = (known: string) => (known === ACME_CLOUD_ID ? acme : globex);
  const projects = PROJECTS.map(([known, key, name], index) => {
    const cloudId = idOf(known);
    return { id: String(10001 + index), key, name, cloudId };
  });
  const spaces = SPACES.map(([known, key, name], index) => {
    const cloudId = idOf(known);
    return { id: String(65537 + index), key, name, cloudId };
  });
  const issues = PROJECTS.flatMap(([known, key, , count], project) =>
    Array.from({ length: count }, (_, index) => anIssue(idOf(known), key, project, index)),
  );
  const pages = SPACES.flatMap(([known, key, , count], space) =>
    Array.from({ length: count }, (_, index) => aPage(idOf(known), key, space, index)),
  );
  const attachments = issues.flatMap((issue, index) =>
    issue.key.endsWith('-1') ? [anAttachment(issue, index)] : [],
  );
  const pageFiles = pages.flatMap((page, index) => (index % 10 === 0 ? [aPageFile(page)] : []));
  return { projects, issues, attachments, spaces, pages, pageFiles };
}

/** The fields of a new issue as the API shows them. */
export function issueFields(
  projectKey: string,
  summary: string,
  type: string,
  state: string,
  createdAtMs: number,
): Record<string, unknown> {
  const at = new Date(createdAtMs).toISOString().replace('Z', '+0000');
  return {
    summary,
    project: { key: projectKey },
    issuetype: { name: type, subtask: false },
    status: { name: state },
    created: at,
    updated: at,
    labels: [],
    assignee: null,
  };
}

function anIssue(cloudId: string, key: string, project: number, index: number): Issue {
  const createdAtMs = FIRST_MS + (index * 7 + project) * HOUR_MS;
  const summary = `${pick(VERBS, index)} ${pick(THINGS, index + project)} (${index + 1})`;
  return {
    id: String(20000 + project * 1000 + index),
    key: `${key}-${index + 1}`,
    projectKey: key,
    cloudId,
    createdAtMs,
    updatedAtMs: createdAtMs,
    fields: issueFields(key, summary, pick(TYPES, index), pick(STATES, index), createdAtMs),
  };
}

function aPage(cloudId: string, key: string, space: number, index: number): Page {
  return {
    id: String(131073 + space * 1000 + index),
    title: `${pick(VERBS, index)} ${pick(THINGS, index)}: page ${index + 1}`,
    spaceId: String(65537 + space),
    spaceKey: key,
    cloudId,
    createdAtMs: FIRST_MS + (index * 11 + space) * HOUR_MS,
    text: `How to ${pick(VERBS, index).toLowerCase()} ${pick(THINGS, index + 1)}.`,
  };
}

function anAttachment(issue: Issue, index: number): Attachment {
  return {
    id: String(30000 + index),
    cloudId: issue.cloudId,
    issueKey: issue.key,
    filename: `${issue.key}.bin`,
    mimeType: 'application/octet-stream',
    bytes: seededBytes(4096, issue.key),
  };
}

function aPageFile({ id, cloudId }: Page): PageFile {
  return {
    id: `att${id}`,
    pageId: id,
    cloudId,
    filename: 'Spec #a 資料.pdf',
    mimeType: 'application/pdf',
    bytes: seededBytes(70_000, id),
  };
}

function pick<T>(list: readonly T[], index: number): T {
  return list[index % list.length] as T;
}
