import type { ComponentChildren } from 'preact';
import { Document, type Refresh, type Script } from '../document.tsx';
import { interfaceLocale, translator } from '../i18n.ts';
import type { FollowView, Frame, LanguageLink, PreviewLinks } from '../views.ts';
import { Bell } from './bell.tsx';
import { FollowLines, followAttributes, refreshOf } from './follow.tsx';

interface SupporterPageProps {
  frame: Frame;
  title: string;
  description?: string;
  indexed?: boolean;
  preview?: PreviewLinks;
  countdown?: boolean;
  /** Beside that of the countdown. */
  scripts?: readonly Script[];
  /** Beside the one that all pages have. */
  stylesheet?: 'join.css' | 'receipt.css';
  /** Becomes data-state of main, for programs that read the page. */
  state?: string;
  /** Where a browser without scripts goes on to by itself. */
  refresh?: Refresh | undefined;
  /** The page keeps up with its campaign. */
  follow?: FollowView | null;
  mainClass: string;
  children: ComponentChildren;
}

/** The frame of every page that supporters see: wordmark, languages, the page, a line at the foot. */
export function SupporterPage(props: SupporterPageProps) {
  const { frame, mainClass, state, children, countdown, follow = null } = props;
  const t = translator(frame.locale);
  return (
    <Document
      locale={interfaceLocale(frame.locale)}
      title={props.title}
      description={props.description}
      refresh={props.refresh ?? refreshOf(follow)}
      indexed={props.indexed}
      preview={props.preview}
      languages={frame.languages}
      stylesheets={props.stylesheet ? ['tocsin.css', props.stylesheet] : undefined}
      canonical={props.indexed ? frame.canonical : undefined}
      // The one that follows reads the parts of the page as they were sent, before others change them.
      scripts={[
        ...(follow ? (['follow.js'] as const) : []),
        ...(countdown ? (['countdown.js'] as const) : []),
        ...(props.scripts ?? []),
      ]}
    >
      <a class="skip" href="#main">
        {t('frame.skip')}
      </a>
      <header class="masthead">
        <a class="wordmark" href={`/?lang=${frame.locale}`} aria-label={t('frame.home')}>
          <Bell />
          Tocsin
        </a>
        <Languages links={frame.languages} label={t('frame.languages')} />
      </header>
      {follow ? <FollowLines t={t} /> : null}
      <main id="main" class={mainClass} data-state={state} {...followAttributes(follow)}>
        {children}
      </main>
      <footer class="colophon">
        <p>{t('frame.footer')}</p>
      </footer>
    </Document>
  );
}

/** The languages behind one line, which opens without a script: eight of them would fill a phone. */
function Languages({ links, label }: { links: readonly LanguageLink[]; label: string }) {
  const current = links.find((link) => link.current);
  if (links.length < 2) return null;
  return (
    <nav class="languages" aria-label={label}>
      <details>
        <summary>
          <span class="unseen">{label}: </span>
          {current ? <span lang={current.tag}>{current.name}</span> : label}
        </summary>
        <ul>
          {links.map(({ tag, name, href, current: here }) => (
            <li>
              <a href={href} lang={tag} hreflang={tag} aria-current={here ? 'true' : undefined}>
                {name}
              </a>
            </li>
          ))}
        </ul>
      </details>
    </nav>
  );
}
