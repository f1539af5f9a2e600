import type { ComponentChildren } from 'preact';
import { Document, type PageScript, type Refresh } from '../document.tsx';
import { direction, interfaceLocale, type Translate, translator } from '../i18n.ts';
import type { FollowView, Frame, LanguageLink, PreviewLinks } from '../views/frame.ts';
import { Bell } from './bell.tsx';
import { FollowLines, followAttributes, refreshOf } from './follow.tsx';

interface SupporterPageProps {
  frame: Frame;
  title: string;
  /** Language of the title, where it is the campaign's. */
  titleLocale?: string;
  description?: string;
  indexed?: boolean;
  preview?: PreviewLinks;
  countdown?: boolean;
  /** Beside that of the countdown. */
  scripts?: readonly PageScript[];
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
      titleLocale={props.titleLocale}
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
        <a class="wordmark" href={`/?lang=${frame.lang}`} aria-label={t('frame.home')}>
          <Bell />
          Tocsin
        </a>
        <Languages links={frame.languages} t={t} />
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

interface LanguagesProps {
  links: readonly LanguageLink[];
  t: Translate;
}

/**
 * The languages behind one line, which opens without a script: eight of them would fill a phone. On a campaign's pages those that it
 * is written in come first.
 */
function Languages({ links, t }: LanguagesProps) {
  const label = t('frame.languages');
  const current = links.find((link) => link.current);
  const others = links.filter(({ interfaceOnly }) => interfaceOnly);
  if (links.length < 2) return null;
  return (
    <nav class="languages" aria-label={label}>
      <details>
        <summary>
          <span class="unseen">{label}: </span>
          {current ? (
            <span lang={current.tag} dir={direction(current.tag)}>
              {current.name}
            </span>
          ) : (
            label
          )}
        </summary>
        <ul>
          <LanguageItems links={links.filter(({ interfaceOnly }) => !interfaceOnly)} />
          {others.length > 0 ? (
            <li>
              <p id="interface-only" class="languages-of">
                {t('frame.interface_only')}
              </p>
              <ul aria-labelledby="interface-only">
                <LanguageItems links={others} />
              </ul>
            </li>
          ) : null}
        </ul>
      </details>
    </nav>
  );
}

function LanguageItems({ links }: { links: readonly LanguageLink[] }) {
  return (
    <>
      {links.map(({ tag, name, href, current }) => (
        <li>
          <a
            href={href}
            dir={direction(tag)}
            lang={tag}
            hreflang={tag}
            aria-current={current ? 'true' : undefined}
          >
            {name}
          </a>
        </li>
      ))}
    </>
  );
}
