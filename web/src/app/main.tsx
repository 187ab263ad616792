// First: see there.
import './no-eval.ts';

import { createRoot } from 'react-dom/client';
import { roomOf } from '../state/room.ts';
import '../ui/tokens.css';
import '../ui/base.css';
import { App } from './app.tsx';
import './hooks.ts';

if (location.pathname.split('/')[1] !== roomOf(location.pathname))
  history.replaceState(null, '', `/${roomOf(location.pathname)}${location.search}`);

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no #root');
createRoot(root).render(<App />);
