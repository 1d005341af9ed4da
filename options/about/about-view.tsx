import { Button } from '#ui/controls/button.tsx';
import { Name } from '#ui/controls/name.tsx';
import { kilobytesText, listed, numberText, t, tCount } from '#ui/i18n.ts';
import { FaultNotice } from '#ui/notices/fault-notice.tsx';
import type { AboutView as About, StoredAmount } from '#wire/about-view.ts';
import { AskingPanel } from '../items/asking-panel.tsx';
import type { AboutStore } from './about-store.ts';
import { PolicySection } from './policy-section.tsx';
import { changedNames } from './diagnostics.ts';

interface AboutViewProps {
  readonly store: AboutStore;
  readonly isErasing: boolean;
  /** Whether it is said elsewhere that the stored data cannot be read. */
  readonly isFaultShown: boolean;
}

/** What the extension is and holds, what to copy into a report, and how to erase everything. */
export function AboutView({ store, isErasing, isFaultShown }: AboutViewProps) {
  const about = store.view.value;
  return (
    <>
      <h1>{t('about')}</h1>
      <FaultNotice
        fault={isFaultShown ? undefined : store.loadFault.value}
        actions={<Button onClick={() => void store.load()}>{t('try_again')}</Button>}
      />
      <section class="card stack" aria-labelledby="about-build">
        <h2 id="about-build">{t('about_build')}</h2>
        <dl class="facts">
          <dt>{t('about_version')}</dt>
          <dd>{store.build.version}</dd>
          <dt>{t('about_browser')}</dt>
          <dd>{store.build.browser}</dd>
          {about === undefined ? null : (
            <>
              <dt>{t('about_schema')}</dt>
              <dd>{numberText(about.schemaVersion)}</dd>
              <dt>{t('about_changed_settings')}</dt>
              <dd>{changedText(about)}</dd>
            </>
          )}
        </dl>
        {about === undefined ? null : <Diagnostics store={store} />}
      </section>
      {about?.policy === undefined ? null : <PolicySection policy={about.policy} />}
      {about === undefined ? null : <Holdings about={about} />}
      <Erase store={store} isErasing={isErasing} />
      <Links />
    </>
  );
}

function changedText(about: About): string {
  const names = changedNames(about);
  return names.length === 0
    ? t('about_no_setting')
    : listed(names.map((name) => t(`setting_${name}`)));
}

function Diagnostics({ store }: { readonly store: AboutStore }) {
  return (
    <div class="stack stack-tight">
      <div class="row">
        <Button aria-describedby="diagnostics-hint" onClick={() => void store.copyDiagnostics()}>
          {t('copy_diagnostics')}
        </Button>
        <span role="status">{store.isCopied.value ? t('copied') : ''}</span>
      </div>
      <p id="diagnostics-hint" class="muted small">
        {t('copy_diagnostics_hint')}
      </p>
    </div>
  );
}

/** What is stored, how much of it, and which hosts the browser allows. */
function Holdings({ about }: { readonly about: About }) {
  const { amounts, hostPatterns, storageFaults } = about;
  return (
    <section class="card stack" aria-labelledby="about-stored">
      <h2 id="about-stored">{t('about_stored')}</h2>
      <p>{storageFaults.length === 0 ? t('about_storage_fine') : t('about_storage_faults')}</p>
      <table class="amounts">
        <thead>
          <tr>
            <th scope="col">{t('about_where')}</th>
            <th scope="col">{t('about_entries')}</th>
            <th scope="col">{t('about_size')}</th>
          </tr>
        </thead>
        <tbody>
          <Amount name={t('about_local')} amounts={amounts.local} />
          <Amount name={t('about_mirror')} amounts={amounts.mirror} />
          <Amount name={t('about_session')} amounts={amounts.session} />
        </tbody>
      </table>
      <details>
        <summary>{t('about_by_kind')}</summary>
        <Kinds title={t('about_local')} amounts={amounts.local} />
        <Kinds title={t('about_mirror')} amounts={amounts.mirror} />
        <Kinds title={t('about_session')} amounts={amounts.session} />
      </details>
      <details>
        <summary>{tCount('about_hosts', hostPatterns.length)}</summary>
        <ul class="hosts">
          {hostPatterns.map((pattern) => (
            <li key={pattern}>
              <code>
                <Name text={pattern} />
              </code>
            </li>
          ))}
        </ul>
      </details>
    </section>
  );
}

interface AmountProps {
  readonly name: string;
  readonly amounts: readonly StoredAmount[];
}

function Amount({ name, amounts }: AmountProps) {
  const sum = (of: (amount: StoredAmount) => number): number =>
    amounts.reduce((total, one) => total + of(one), 0);
  return (
    <tr>
      <th scope="row">{name}</th>
      <td>{numberText(sum(({ entries }) => entries))}</td>
      <td>{kilobytesText(sum(({ bytes }) => bytes))}</td>
    </tr>
  );
}

function Kinds({
  title,
  amounts,
}: {
  readonly title: string;
  readonly amounts: readonly StoredAmount[];
}) {
  if (amounts.length === 0) return null;
  return (
    <>
      <h3>{title}</h3>
      <ul class="kinds">
        {amounts.map(({ kind, entries, bytes }) => (
          <li key={kind}>
            <code>{kind}</code> {tCount('about_entries_count', entries)} · {kilobytesText(bytes)}
          </li>
        ))}
      </ul>
    </>
  );
}

function Erase({ store, isErasing }: Omit<AboutViewProps, 'isFaultShown'>) {
  return (
    <section class="card stack" aria-labelledby="about-erase">
      <h2 id="about-erase">{t('erase_everything')}</h2>
      <p>{t('erase_text')}</p>
      {store.isAsked.value ? (
        <EraseQuestion store={store} isErasing={isErasing} />
      ) : (
        <div class="row">
          <Button kind="danger" onClick={store.ask}>
            {t('erase_everything')}
          </Button>
        </div>
      )}
    </section>
  );
}

/** Asks once, and says what ends. */
function EraseQuestion({ store, isErasing }: Omit<AboutViewProps, 'isFaultShown'>) {
  const about = store.view.value;
  return (
    <AskingPanel
      id="erase-title"
      level={3}
      title={t('erase_title')}
      action={t('erase_now')}
      isWaiting={isErasing}
      isCancelDisabled={isErasing}
      onConfirm={() => void store.erase()}
      onCancel={store.keep}
    >
      {about === undefined ? null : (
        <ul>
          <li>{tCount('erase_sessions', countOf(about.sessions))}</li>
          <li>{tCount('erase_clients', countOf(about.clients))}</li>
          <li>{tCount('erase_connections', countOf(about.connections))}</li>
        </ul>
      )}
      <p>{t('erase_cannot_be_undone')}</p>
    </AskingPanel>
  );
}

function countOf(counts: readonly { readonly count: number }[]): number {
  return counts.reduce((total, { count }) => total + count, 0);
}

/** Where an account lists the apps that it allowed. */
const connectedAppsUrl = 'https://id.atlassian.com/manage-profile/apps';

function Links() {
  return (
    <section class="card stack" aria-labelledby="about-links">
      <h2 id="about-links">{t('about_links')}</h2>
      <p>
        {t('connected_apps_text')}{' '}
        <a href={connectedAppsUrl} target="_blank" rel="noreferrer">
          {t('connected_apps')}
        </a>
      </p>
      <p class="muted small">
        {t('about_license')}{' '}
        <a href="/licenses.txt" target="_blank">
          {t('about_licenses')}
        </a>
      </p>
    </section>
  );
}
