// Starts the playground.
import { render } from 'preact';
import { App } from './app.tsx';
import { Session } from './session.ts';
import './style.css';

const session = new Session();
render(<App session={session} />, document.getElementById('app')!);
