import type { DcProduct } from './products.ts';

/** An issue, a page, a repository or a plan. */
export interface DcItem {
  readonly key: string;
  readonly title: string;
  readonly project: string;
  /** Also shown to anonymous requests. */
  readonly isPublic: boolean;
}

const item = (key: string, title: string, project: string, isPublic = false): DcItem => {
  return { key, title, project, isPublic };
};

/** The same in every installation of a product. */
export const DC_CONTENT: Readonly<Record<DcProduct, readonly DcItem[]>> = {
  jira: [
    item('RKT-1', 'Countdown stops at three', 'RKT'),
    item('RKT-2', 'Fins fall off', 'RKT'),
    item('FAQ-1', 'Where is the launch pad?', 'FAQ', true),
  ],
  confluence: [
    item('10001', 'Launch checklist', 'OPS'),
    item('10002', 'Fuel mixtures', 'OPS'),
    item('10003', 'Visitors', 'PUB', true),
  ],
  bitbucket: [
    item('guidance', 'guidance', 'RKT'),
    item('telemetry', 'telemetry', 'RKT'),
    item('website', 'website', 'PUB', true),
  ],
  bamboo: [
    item('RKT-BUILD', 'Rockets - Build', 'RKT'),
    item('RKT-TEST', 'Rockets - Test', 'RKT'),
    item('PUB-SITE', 'Website', 'PUB', true),
  ],
};
