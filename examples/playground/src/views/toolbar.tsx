// Play, pause, step, reset, speed, and how far training is.
import { useSession } from '../hooks.ts';
import type { Session } from '../session.ts';
import { type State, speeds } from '../state.ts';
import { Choice } from './fields.tsx';

interface Props {
  session: Session;
  state: State;
  onPlay: () => void;
  onPause: () => void;
  onReset: () => void;
  onSpeed: (speed: number) => void;
}

export function Toolbar({ session, state, onPlay, onPause, onReset, onSpeed }: Props) {
  const status = useSession(session, (s) => s.status);
  const epoch = useSession(session, (s) => s.epoch);
  const playing = status === 'playing';
  return (
    <div class="toolbar" role="toolbar" aria-label="Training">
      <button
        type="button"
        class="play"
        aria-label={playing ? 'Pause' : status === 'finished' ? 'Train again' : 'Play'}
        title={playing ? 'Pause' : 'Play'}
        onClick={playing ? onPause : onPlay}
        disabled={status === 'failed'}
      >
        <svg viewBox="0 0 24 24" aria-hidden="true">
          <path d={playing ? 'M7 5h4v14H7zM13 5h4v14h-4z' : 'M8 5l11 7-11 7z'} />
        </svg>
      </button>
      <button
        type="button"
        onClick={() => session.step()}
        disabled={status === 'finished' || status === 'failed' || status === 'loading'}
        title="Train one epoch"
      >
        Step
      </button>
      <button type="button" onClick={onReset} title="Back to epoch 0">
        Reset
      </button>
      <div class="progress">
        <span>
          Epoch <b>{epoch}</b> of {state.epochs}
        </span>
        <progress value={epoch} max={state.epochs} aria-label="Epochs trained" />
      </div>
      <Choice
        label="Speed"
        value={state.speed}
        options={speeds.map(
          (speed) => [speed, speed === 0 ? 'as fast as possible' : `${speed} epochs a second`] as const,
        )}
        onInput={onSpeed}
      />
    </div>
  );
}
