import type { ComponentChildren } from 'preact';
import { Document, type Script } from '../document.tsx';
import { interfaceLocale, translator } from '../i18n.ts';
import type { Frame, LanguageLink } from '../views.ts';
import { Bell } from './bell.tsx';

interface SupporterPageProps {
  frame: Frame;
  title: string;
  description?: string;
  indexed?: boolean;
  countdown?: boolean;
  /** Beside that of the countdown. */
  scripts?: readonly Script[];
  /** Becomes data-state of main, for programs that read the page. */
  state?: string;
  mainClass: string;
  children: ComponentChildren;
}

/** The frame of every page that supporters see: wordmark, languages, the page, a line at the foot. */
export function SupporterPage(props: SupporterPageProps) {
  const { frame, mainClass, state, children, countdown } = props;
  const t = translator(frame.locale);
  return (
    <Document
      locale={interfaceLocale(frame.locale)}
      title={props.title}
      description={props.description}
      indexed={props.indexed}
      languages={frame.languages}
      scripts={[...(countdown ? (['countdown.js'] as const) : []), ...(props.scripts ?? [])]}
    >
      <a class="skip" href="#main">
        {t('frame.skip')}
      </a>
      <header class="masthead">
        <a class="wordmark" href="/" aria-label={t('frame.home')}>
          <Bell />
          Tocsin
        </a>
        <Languages links={frame.languages} label={t('frame.languages')} />
      </header>
      <main id="main" class={mainClass} data-state={state}>
        {children}
      </main>
      <footer class="colophon">
        <p>{t('frame.footer')}</p>
      </footer>
    </Document>
  );
}

function Languages({ links, label }: { links: readonly LanguageLink[]; label: string }) {
  if (links.length < 2) return null;
  return (
    <nav class="languages" aria-label={label}>
      <ul>
        {links.map(({ tag, name, href, current }) => (
          <li>
            <a href={href} lang={tag} hreflang={tag} aria-current={current ? 'true' : undefined}>
              {name}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}
