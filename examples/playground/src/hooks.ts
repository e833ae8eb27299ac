// How views follow the session and the theme.
import { useEffect, useRef, useState } from 'preact/hooks';
import { cancelDraw, requestDraw } from './painter.ts';
import type { Session } from './session.ts';

/** Milliseconds between two changes of numbers: faster ones cannot be read. */
const READABLE = 120;

/** What `select` gives, now and whenever the session has changed it. */
export function useSession<T>(session: Session, select: (session: Session) => T): T {
  const [, update] = useState(0);
  const shown = useRef<T>(undefined as T);
  const selector = useRef(select);
  selector.current = select;
  shown.current = select(session);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let last = 0;
    const show = () => {
      timer = undefined;
      last = performance.now();
      if (!Object.is(selector.current(session), shown.current)) update((n) => n + 1);
    };
    const stop = session.subscribe(() => {
      timer ??= setTimeout(show, Math.max(0, last + READABLE - performance.now()));
    });
    show();
    return () => {
      stop();
      clearTimeout(timer);
    };
  }, [session]);
  return shown.current;
}

/** Calls `draw` in an animation frame whenever the session has changed, and when `inputs` have. */
export function useDrawing(session: Session, draw: () => void, inputs: readonly unknown[]): void {
  const current = useRef(draw);
  current.current = draw;
  useEffect(() => {
    const run = () => current.current();
    requestDraw(run);
    const stop = session.subscribe(() => requestDraw(run));
    return () => {
      stop();
      cancelDraw(run);
    };
  }, [session, ...inputs]);
}

/** Width and height of an element in CSS pixels, 0 until it is known. */
export function useSize<E extends Element>(): [ref: { current: E | null }, width: number, height: number] {
  const ref = useRef<E>(null);
  const [[width, height], setSize] = useState([0, 0]);
  useEffect(() => {
    const observer = new ResizeObserver(([{ contentRect }]) => setSize([contentRect.width, contentRect.height]));
    if (ref.current) observer.observe(ref.current);
    return () => observer.disconnect();
  }, []);
  return [ref, Math.round(width), Math.round(height)];
}

const darkQuery = matchMedia('(prefers-color-scheme: dark)');

export type Theme = 'auto' | 'light' | 'dark';

/** The theme that is chosen, kept in the browser, and whether it is dark. */
export function useTheme(): [theme: Theme, dark: boolean, choose: (theme: Theme) => void] {
  const [theme, setTheme] = useState<Theme>(() => (localStorage.getItem('theme') as Theme | null) ?? 'auto');
  const [systemDark, setSystemDark] = useState(darkQuery.matches);
  useEffect(() => {
    const hear = () => setSystemDark(darkQuery.matches);
    darkQuery.addEventListener('change', hear);
    return () => darkQuery.removeEventListener('change', hear);
  }, []);
  useEffect(() => {
    document.documentElement.style.colorScheme = theme === 'auto' ? 'light dark' : theme;
    localStorage.setItem('theme', theme);
  }, [theme]);
  return [theme, theme === 'auto' ? systemDark : theme === 'dark', setTheme];
}
