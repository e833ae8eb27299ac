// The page: its state, and how changes of it reach the session and the URL.
import { useCallback, useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { percent } from './format.ts';
import { useSession, useTheme } from './hooks.ts';
import type { Session } from './session.ts';
import { toSpec } from './spec.ts';
import { labels, mostVariants, type State, type Variant } from './state.ts';
import { decodeState, encodeState } from './url.ts';
import { Comparison } from './views/comparison.tsx';
import { DataPanel } from './views/data-panel.tsx';
import { Choice } from './views/fields.tsx';
import { NetworkPanel } from './views/network-panel.tsx';
import { ResultsTable } from './views/results-table.tsx';
import { SharePanel } from './views/share-panel.tsx';
import { Toolbar } from './views/toolbar.tsx';
import { VariantCard } from './views/variant-card.tsx';

/** Milliseconds after the last change of a slider. */
const DEBOUNCE_MS = 150;

export function App({ session }: { session: Session }) {
  const [state, setState] = useState(() => decodeState(location.hash));
  // Whether training goes on after a change.
  const playing = useRef(!matchMedia('(prefers-reduced-motion: reduce)').matches);
  const [theme, dark, setTheme] = useTheme();
  const names = labels(state.variants);
  const change = useCallback((part: Partial<State>) => setState((old) => ({ ...old, ...part })), []);

  const trained = useMemo(() => JSON.stringify(toSpec(state)), [state]);
  const latest = useRef(state);
  latest.current = state;
  const first = useRef(true);
  useEffect(() => {
    const timer = setTimeout(() => session.reset(latest.current, playing.current), first.current ? 0 : DEBOUNCE_MS);
    first.current = false;
    return () => clearTimeout(timer);
  }, [trained, state.csv?.text, session]);

  useEffect(() => session.setSpeed(state.speed), [session, state.speed]);
  useHash(state, setState);

  const play = () => {
    playing.current = true;
    if (session.status === 'finished') session.reset(state, true);
    else session.play();
  };
  const pause = () => {
    playing.current = false;
    session.pause();
  };
  const reset = () => {
    playing.current = false;
    session.reset(state, false);
  };
  const setVariant = (index: number, variant: Variant) =>
    change({ variants: state.variants.map((old, i) => (i === index ? variant : old)) });

  return (
    <>
      <a class="skip" href="#variants">
        Skip to the variants
      </a>
      <header class="page">
        <div class="title">
          <svg viewBox="0 0 24 24" aria-hidden="true">
            <path d="M12 1l2.600 8.400L23 12l-8.400 2.600L12 23l-2.600-8.400L1 12l8.400-2.600z" />
          </svg>
          <h1>
            Regulus <span>playground</span>
          </h1>
          <p>See what L1, L2, dropout and early stopping do to the same network on the same data.</p>
          <Choice
            label="Theme"
            value={theme}
            options={[
              ['auto', 'system theme'],
              ['light', 'light theme'],
              ['dark', 'dark theme'],
            ]}
            onInput={setTheme}
          />
        </div>
        <Toolbar
          session={session}
          state={state}
          onPlay={play}
          onPause={pause}
          onReset={reset}
          onSpeed={(speed) => change({ speed })}
        />
      </header>
      <div class="layout">
        <aside aria-label="Settings">
          <DataPanel state={state} session={session} onChange={change} />
          <NetworkPanel state={state} onChange={change} />
          <SharePanel session={session} state={state} onImport={setState} />
        </aside>
        <main id="variants" tabIndex={-1}>
          <Failure session={session} />
          <div class="cards">
            {state.variants.map((variant, i) => (
              <VariantCard
                key={i}
                session={session}
                run={i}
                label={names[i]}
                variant={variant}
                onChange={(changed) => setVariant(i, changed)}
                onRemove={
                  state.variants.length > 1
                    ? () => change({ variants: state.variants.filter((_, other) => other !== i) })
                    : undefined
                }
                metric={state.metric}
                epochs={state.epochs}
                dark={dark}
              />
            ))}
            {state.variants.length < mostVariants && (
              <button
                type="button"
                class="add"
                onClick={() => change({ variants: [...state.variants, { l2: 1e-3, dropout: 0.2 }] })}
              >
                Add a variant
              </button>
            )}
          </div>
          <Comparison
            session={session}
            labels={names}
            metric={state.metric}
            onMetric={(metric) => change({ metric })}
            epochs={state.epochs}
            dark={dark}
          />
          <ResultsTable session={session} />
        </main>
      </div>
      <Announcement session={session} />
    </>
  );
}

function Failure({ session }: { session: Session }) {
  const error = useSession(session, (s) => s.error);
  return error ? (
    <p role="alert" class="error panel">
      {error}
    </p>
  ) : null;
}

/** Tells screen readers what cannot be missed: once at the start of training, once at its end. */
function Announcement({ session }: { session: Session }) {
  const status = useSession(session, (s) => s.status);
  const results = useSession(session, (s) => s.results);
  const best = results?.summary.find(({ variant }) => variant === results.best);
  const texts: Partial<Record<typeof status, string>> = {
    playing: 'Training.',
    paused: 'Paused.',
    finished: best
      ? `Training has finished. Best on the test part: ${best.variant} with ${percent(best.testAccuracy.mean)}.`
      : '',
  };
  return (
    <p class="hidden" role="status" aria-live="polite">
      {texts[status] ?? ''}
    </p>
  );
}

/** Keeps the state in the URL's hash, and takes it from there when somebody changes it. */
function useHash(state: State, setState: (state: State) => void): void {
  const written = useRef(location.hash.replace(/^#/, ''));
  useEffect(() => {
    const timer = setTimeout(() => {
      written.current = encodeState(state);
      history.replaceState(null, '', `#${written.current}`);
    }, DEBOUNCE_MS);
    return () => clearTimeout(timer);
  }, [state]);
  useEffect(() => {
    const hear = () => {
      const hash = location.hash.replace(/^#/, '');
      if (hash !== written.current && hash !== 'variants') setState(decodeState(hash));
    };
    addEventListener('hashchange', hear);
    return () => removeEventListener('hashchange', hear);
  }, [setState]);
}
